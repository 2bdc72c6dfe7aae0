import type { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { connect } from '../../src/cluster/connect.ts';
import { openSecret, type SecretOptions } from '../../src/cluster/secret-source.ts';
import { inspectPair, readCertificates } from '../../src/tls/inspect.ts';
import { DEFAULT_LIFETIMES } from '../../src/tls/lifetimes.ts';
import type { CertificateSource, Served } from '../../src/tls/source.ts';
import { FakeApi, type StoredObject } from '../support/fake-api.ts';

export const NAMESPACE = 'calico-admission';
export const SECRET = 'calico-admission-tls';
export const SECRETS = `/api/v1/namespaces/${NAMESPACE}/secrets`;
const REGISTRATION = '/apis/admissionregistration.k8s.io/v1';
export const VALIDATING = `${REGISTRATION}/validatingwebhookconfigurations`;
export const MUTATING = `${REGISTRATION}/mutatingwebhookconfigurations`;
export const SANS = ['localhost', 'calico-admission-webhook.calico-admission.svc'];

export async function startApi(): Promise<FakeApi> {
  const api = new FakeApi();
  await api.start();
  onTestFinished(() => api.kill());
  return api;
}

/** Both configurations, as `kubectl apply` of the manifests leaves them: without a caBundle. */
export function register(api: FakeApi): void {
  for (const [list, verb] of [
    [VALIDATING, 'validate'],
    [MUTATING, 'mutate'],
  ] as const) {
    api.put(list, {
      metadata: { name: 'calico-admission', labels: { theirs: 'yes' } },
      webhooks: [
        {
          name: 'other.example.org',
          clientConfig: { url: 'https://other.example.org/', caBundle: 'T1RIRVI=' },
        },
        {
          name: `${verb}.calico-admission.gardener.cloud`,
          clientConfig: {
            service: { name: 'calico-admission-webhook', namespace: NAMESPACE, path: `/${verb}` },
          },
        },
      ],
    });
  }
}

interface Webhook {
  readonly name: string;
  readonly clientConfig: { readonly caBundle?: string };
}

export function webhooks(api: FakeApi, list: string, name = 'calico-admission'): readonly Webhook[] {
  return (api.get(list, name)?.['webhooks'] ?? []) as readonly Webhook[];
}

/** The caBundle of our entry, PEM. */
export function bundle(api: FakeApi, list: string): string {
  const own = webhooks(api, list).find(({ name }) => name.endsWith('.calico-admission.gardener.cloud'));
  return Buffer.from(own?.clientConfig.caBundle ?? '', 'base64').toString('utf8');
}

/** Takes the caBundles away, as Helm or GitOps do. */
export function wipe(api: FakeApi, list: string): void {
  const object = api.get(list, 'calico-admission') as StoredObject;
  const emptied = webhooks(api, list).map(({ name, clientConfig: { caBundle: _gone, ...rest } }) => ({
    name,
    clientConfig: rest,
  }));
  api.put(list, { ...object, webhooks: emptied });
}

export function stored(api: FakeApi): Record<string, string> {
  const data = (api.get(SECRETS, SECRET)?.['data'] ?? {}) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(data).map(([name, text]) => [name, Buffer.from(text, 'base64').toString('utf8')]),
  );
}

export function putSecret(api: FakeApi, texts: Record<string, string>): void {
  api.put(SECRETS, {
    ...(api.get(SECRETS, SECRET) ?? { metadata: { name: SECRET, namespace: NAMESPACE }, type: 'Opaque' }),
    data: Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, Buffer.from(text).toString('base64')]),
    ),
  });
}

export interface Replica {
  readonly source: CertificateSource;
  /** Everything that was ever to be served, in order. */
  readonly served: Served[];
  readonly changes: string[];
  readonly faults: string[];
  readonly warnings: string[];
}

export type ReplicaOptions = Partial<
  Pick<SecretOptions, 'lifetimes' | 'pollMs' | 'now' | 'replica' | 'sans' | 'registration'>
> & {
  readonly target?: FakeApi;
  /** Where its warnings go, for one that never has anything to serve. */
  readonly warnings?: string[];
};

/** One replica with a client of its own. Resolves when it has something to serve. */
export async function startReplica(api: FakeApi, options: ReplicaOptions = {}): Promise<Replica> {
  const { target, warnings = [], ...rest } = options;
  const dir = mkdtempSync(join(tmpdir(), 'calico-fleet-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const open = (each: FakeApi, name: string) =>
    connect({ file: each.writeKubeconfig(join(dir, name)), inCluster: false });
  const own = await open(api, 'own');
  const served: Served[] = [];
  const changes: string[] = [];
  const faults: string[] = [];
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const source = await openSecret({
    signal: over.signal,
    api: own,
    target: target ? await open(target, 'target') : own,
    namespace: NAMESPACE,
    name: SECRET,
    sans: SANS,
    lifetimes: { ...DEFAULT_LIFETIMES, propagation: 200 },
    pollMs: 300,
    replica: 'one',
    now: () => new Date(),
    events: {
      log: { info: () => {}, warn: (about, message) => warnings.push(`${message} ${JSON.stringify(about)}`) },
      onServe: (next) => served.push(next),
      onChange: (change) => changes.push(change),
      onFault: (part) => faults.push(part),
    },
    ...rest,
  });
  return { source, served, changes, faults, warnings };
}

/** What is wrong with what a replica serves, by the bundle that API servers have. */
export function faultOf(replica: Replica, ca: string, now = new Date()): string | undefined {
  const { cert, key } = replica.source.served();
  return inspectPair({ cert, key, ca }, { now: () => now, sans: SANS }).problem?.message;
}

export function subjects(pem: string): string[] {
  return (readCertificates(pem) ?? []).map((each: X509Certificate) => each.subject);
}
