import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { read } from '../../src/policy/json.ts';
import { ruleIds } from '../support/review.ts';

export interface Case {
  readonly id: string;
  readonly kind: 'shoot-validate' | 'shoot-mutate' | 'network-mutate';
  readonly provider: string;
  readonly operation: string;
  readonly object: { readonly apiVersion?: string; readonly kind?: string };
  readonly old?: object;
  readonly rawProviderConfig?: string;
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  readonly flags?: { readonly enableOverlayAsDefaultForCalico?: boolean };
  readonly expect: {
    readonly allowed: boolean;
    readonly fields: readonly string[];
    readonly fieldsAlt?: readonly string[];
    readonly warningRules?: readonly string[];
    readonly patched?: unknown;
  };
}

export const CASES: readonly Case[] = JSON.parse(
  readFileSync(new URL('./gardener.json', import.meta.url), 'utf8'),
);

/** Whether a webhook for Networks is asked at all: the namespace says whose network it is. */
export function isCalled(each: Case): boolean {
  const network = each.namespaceLabels?.['networking.shoot.gardener.cloud/provider'];
  return each.kind !== 'network-mutate' || network === 'calico';
}

/** The answer to a case, of any server. */
export interface Answer {
  readonly allowed: boolean;
  readonly causes: readonly { readonly field: string; readonly message: string }[];
  readonly warnings: readonly string[];
  /** The object after all patches, if it was allowed. */
  readonly after?: unknown;
}

export function expectAnswer(each: Case, answer: Answer): void {
  const fields = [...new Set(answer.causes.map((cause) => cause.field))].sort();
  const accepted = [each.expect.fields, each.expect.fieldsAlt ?? each.expect.fields].map((list) => [...list].sort());
  expect(accepted, answer.causes.map((cause) => `${cause.field}: ${cause.message}`).join('\n')).toContainEqual(fields);
  expect(answer.allowed).toBe(each.expect.allowed);
  if (each.expect.warningRules) {
    const rules = new Set(ruleIds(answer.warnings));
    expect([...rules].sort(), answer.warnings.join('\n')).toEqual([...each.expect.warningRules].sort());
  }
  if (each.expect.patched === undefined || answer.after === undefined) return;
  const path = each.kind === 'network-mutate' ? ['spec', 'providerConfig'] : ['spec', 'networking', 'providerConfig'];
  const expected = each.expect.patched === null ? read(each.object, ...path) : each.expect.patched;
  expect(read(answer.after, ...path)).toEqual(expected);
}
