import type { V1Secret } from '@kubernetes/client-node';
import { CertificateError } from '../errors.ts';
import { STORED_NAMES, type Stored } from '../tls/rotation-state.ts';
import type { ApiClient } from './api.ts';

/** The Secret and its API server. */
export interface SecretAddress {
  readonly api: ApiClient;
  readonly namespace: string;
  readonly name: string;
}

/** The path of all Secrets in its namespace. */
export function listPathOf({ namespace }: Pick<SecretAddress, 'namespace'>): string {
  return `/api/v1/namespaces/${namespace}/secrets`;
}

/** The texts of a Secret by their names. Empty where there is no Secret. */
export function decodeSecret(secret: V1Secret | undefined): Stored {
  const entries = Object.entries(secret?.data ?? {});
  return Object.fromEntries(
    entries.map(([name, text]) => [name, Buffer.from(text, 'base64').toString('utf8')]),
  );
}

/**
 * Creates the Secret, or replaces our texts in it and keeps everything else.
 * @param before the Secret as it was read; its resourceVersion makes the write fail if another client has written
 * meanwhile
 * @throws ApiError 409 when another replica has written the Secret
 */
export async function writeSecret(
  { api, namespace, name }: SecretAddress,
  before: V1Secret | undefined,
  texts: Stored,
): Promise<V1Secret> {
  const path = listPathOf({ namespace });
  const body = encodeSecret(before, texts, { namespace, name });
  const written =
    before === undefined
      ? await api.request({ method: 'POST', path, body })
      : await api.request({ method: 'PUT', path: `${path}/${name}`, body });
  return written as V1Secret;
}

function encodeSecret(
  before: V1Secret | undefined,
  texts: Stored,
  { namespace, name }: Omit<SecretAddress, 'api'>,
): V1Secret {
  const ours: readonly string[] = STORED_NAMES;
  const others = Object.entries(before?.data ?? {}).filter(([key]) => !ours.includes(key));
  const own = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: before?.type ?? 'Opaque',
    metadata: before?.metadata ?? {
      name,
      namespace,
      labels: { 'app.kubernetes.io/name': 'calico-admission' },
    },
    data: Object.fromEntries([...others, ...own]),
  };
}

/** Why we must not write the Secret: its owner and this program would overwrite each other. */
export function findForeignOwner(secret: V1Secret): CertificateError | undefined {
  const owner = secret.metadata?.annotations?.['cert-manager.io/certificate-name'];
  if (owner === undefined) return undefined;
  return new CertificateError(
    `the Secret ${secret.metadata?.name} is cert-manager's; mount it and give --cert-dir, or choose another Secret with --cert-secret`,
  );
}
