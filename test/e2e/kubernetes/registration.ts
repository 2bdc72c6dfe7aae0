import { setTimeout as sleep } from 'node:timers/promises';
import type {
  V1MutatingWebhookConfiguration,
  V1ValidatingWebhookConfiguration,
} from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import type { ApiAnswer, ClusterClient } from '../cluster/access.ts';
import { cli, type Served } from '../process.ts';

export type Configuration = V1MutatingWebhookConfiguration | V1ValidatingWebhookConfiguration;

export const CRDS = 'manifests/overlays/demo/crds.yaml';

/** The kinds of Gardener, as the demo brings them; to be had at the next request. */
export async function installKinds(cluster: ClusterClient): Promise<void> {
  await cluster.kubectlOk(['apply', '-f', CRDS]);
  await cluster.kubectlOk(['wait', '--for=condition=Established', '--timeout=30s', '-f', CRDS]);
}

export async function createNamespace(
  cluster: ClusterClient,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
  const { status } = await cluster.api('POST', '/api/v1/namespaces', { body });
  // Another test file may have made it: without a namespace controller none ever goes away.
  if (status !== 201 && status !== 409) throw new Error(`namespace ${name} was answered with ${status}`);
}

/** What `calico-admission manifests` prints, as text. */
export async function printManifests(
  served: Pick<Served, 'url' | 'certDir'>,
  args: readonly string[] = [],
): Promise<string> {
  const endpoint = args.includes('--service') ? [] : ['--url', served.url];
  const printed = await cli(['manifests', ...endpoint, '--cert-dir', served.certDir, ...args]);
  if (printed.code !== 0) throw new Error(printed.stderr);
  return printed.stdout;
}

export function parseConfigurations(text: string): Configuration[] {
  return parseAllDocuments(text).map((document): Configuration => document.toJS());
}

export async function apply(cluster: ClusterClient, content: string | readonly object[]): Promise<void> {
  const input =
    typeof content === 'string' ? content : content.map((each) => JSON.stringify(each)).join('\n---\n');
  await cluster.kubectlOk(['apply', '-f', '-'], { input });
}

export async function unregister(cluster: ClusterClient): Promise<void> {
  for (const kind of ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations']) {
    await cluster.api('DELETE', `/apis/admissionregistration.k8s.io/v1/${kind}`);
  }
}

/** Removes all objects there, those that wait for their finalizers as well; no webhook must be asked about them any more. */
export async function removeObjects(cluster: ClusterClient, path: string): Promise<void> {
  const { body } = await cluster.api('GET', path);
  const items: readonly { metadata: { name: string; finalizers?: readonly string[] } }[] = body.items ?? [];
  const contentType = 'application/merge-patch+json';
  for (const { metadata } of items.filter((each) => each.metadata.finalizers !== undefined)) {
    const patch = { metadata: { finalizers: null } };
    await cluster.api('PATCH', `${path}/${metadata.name}`, { body: patch, contentType });
  }
  await cluster.api('DELETE', path);
}

/** The API server learns of a changed registration a moment after it has accepted it. */
export async function waitUntil(what: string, isSo: () => Promise<boolean>, ms = 20_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await sleep(25);
  }
}

/** As waitUntil, and the error has the last answer, if none was right. */
export async function waitForAnswer(
  what: string,
  ask: () => Promise<ApiAnswer>,
  isIt: (answer: ApiAnswer) => boolean,
  ms = 20_000,
): Promise<void> {
  let last: ApiAnswer | undefined;
  const isSo = async (): Promise<boolean> => {
    last = await ask();
    return isIt(last);
  };
  await waitUntil(what, isSo, ms).catch((cause: unknown) => {
    throw new Error(`${String(cause)}; the last answer was ${last?.status} ${last?.body?.message ?? ''}`, {
      cause,
    });
  });
}
