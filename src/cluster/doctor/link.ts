import type { Registry } from '../../policy/registry.ts';
import type { PolicySettings } from '../../policy/settings.ts';
import { type ApiClient, ApiError } from '../api.ts';
import type { Handshake, HandshakeOptions } from './handshake.ts';

/** The result of one check between an API server and the webhook server. */
export interface Link {
  /** The webhook. Empty where the check is about all of them. */
  readonly webhook: string;
  /** `unknown`: it cannot be checked from this machine. */
  readonly state: 'ok' | 'broken' | 'unknown';
  readonly text: string;
  /** How to correct it, where it is broken. */
  readonly cure?: string;
}

export interface ExamineOptions {
  readonly api: Pick<ApiClient, 'request' | 'namespace'>;
  readonly registry: Registry;
  readonly settings: PolicySettings;
  /** The namespace for trial objects. Undefined: a namespace that the webhook selects. */
  readonly namespace: string | undefined;
  readonly makeHandshake: (options: HandshakeOptions) => Promise<Handshake>;
  readonly now: () => Date;
}

/** A result without its webhook. */
export type Outcome = Omit<Link, 'webhook'>;
export const ok = (text: string): Outcome => ({ state: 'ok', text });
export const unknown = (text: string): Outcome => ({ state: 'unknown', text });
export const broken = (text: string, cure: string): Outcome => ({ state: 'broken', text, cure });

/** Undefined where there is none. `unreadable` where reading it is forbidden. */
export async function getObject(api: ExamineOptions['api'], path: string): Promise<unknown> {
  try {
    return await api.request({ method: 'GET', path });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.status === 404 ? undefined : 'unreadable';
  }
}
