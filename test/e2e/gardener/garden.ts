import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generate } from 'selfsigned';
import { findAssets } from '../assets/assets.ts';
import { findGardenerApiserver } from '../assets/gardener.ts';
import type { ClusterAccess, ClusterClient } from '../cluster/access.ts';
import { startCluster } from '../cluster/cluster.ts';
import { startReaper } from '../cluster/reaper.ts';
import { type GardenerApiserver, startGardenerApiserver } from './gardener-apiserver.ts';
import { type KubernetesObject, renderLandscape } from './objects.ts';

// A (virtual) garden cluster as an operator has it: Gardener's API behind kube-apiserver's aggregation layer, and the
// objects that a Shoot refers to. There is no gardenlet, no scheduler and no controller: only what admits and stores.

/** Plain data, so that it can be handed to test processes. */
export interface GardenAccess {
  readonly cluster: ClusterAccess;
  readonly gardener: GardenerApiserver;
  readonly gardenerPath: string;
}

export interface StartedGarden {
  readonly access: GardenAccess;
  stop(): Promise<void>;
}

/** Group versions that Gardener 1.150 serves by its API server; the others are CustomResourceDefinitions. */
const GROUP_VERSIONS = [
  ['core.gardener.cloud', 'v1'],
  ['core.gardener.cloud', 'v1beta1'],
  ['operations.gardener.cloud', 'v1alpha1'],
  ['security.gardener.cloud', 'v1alpha1'],
  ['seedmanagement.gardener.cloud', 'v1alpha1'],
] as const;

const FRONT_PROXY = 'front-proxy';

export async function startGarden(): Promise<StartedGarden> {
  const gardenerPath = findGardenerApiserver();
  const proxy = await makeFrontProxyCertificate();
  const started = await startCluster({
    assets: findAssets(),
    args: (directory) => frontProxyFlags(directory, proxy),
  });
  const { kubectl, kubectlOk, api, audit, stop, ...cluster } = started;
  const reaper = startReaper(join(cluster.directory, 'gardener'));
  const stopAll = async (): Promise<void> => {
    await reaper.reap();
    await stop();
  };
  try {
    const gardener = await startGardenerApiserver(cluster, reaper, { path: gardenerPath, name: 'gardener' });
    for (const object of [...renderAggregation(gardener), ...renderLandscape()])
      await create(started, object);
    return { access: { cluster, gardener, gardenerPath }, stop: stopAll };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

type Pem = { readonly cert: string; readonly private: string };

/** Signed by itself: it is its own authority. */
function makeFrontProxyCertificate(): Promise<Pem> {
  return generate([{ name: 'commonName', value: FRONT_PROXY }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [{ name: 'extKeyUsage', clientAuth: true }],
  });
}

/** With these the Gardener API server believes kube-apiserver who a request is from. */
function frontProxyFlags(directory: string, proxy: Pem): string[] {
  const cert = join(directory, `${FRONT_PROXY}.crt`);
  const key = join(directory, `${FRONT_PROXY}.key`);
  writeFileSync(cert, proxy.cert);
  writeFileSync(key, proxy.private, { mode: 0o600 });
  return [
    `--requestheader-client-ca-file=${cert}`,
    `--requestheader-allowed-names=${FRONT_PROXY}`,
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${cert}`,
    `--proxy-client-key-file=${key}`,
    // With it an APIService may not name a Service of type ExternalName, and that is how to get to loopback.
    '--enable-aggregator-routing=false',
  ];
}

function renderAggregation({ port, caFile }: GardenerApiserver): KubernetesObject[] {
  const service = { name: 'gardener-apiserver', namespace: 'kube-system', port };
  const caBundle = readFileSync(caFile).toString('base64');
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: service.name, namespace: service.namespace },
      spec: { type: 'ExternalName', externalName: 'localhost' },
    },
    ...GROUP_VERSIONS.map(([group, version]) => ({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: `${version}.${group}` },
      spec: { group, version, groupPriorityMinimum: 10_000, versionPriority: 20, caBundle, service },
    })),
  ];
}

const SETTLE_MS = 20_000;

/** An API server sees what was made a moment ago a moment later, so that a rejection is asked about again. */
async function create(cluster: ClusterClient, object: KubernetesObject): Promise<void> {
  const end = Date.now() + SETTLE_MS;
  for (;;) {
    const { status, body } = await cluster.api('POST', collectionPath(object), { body: object });
    if (status === 201) return;
    if (Date.now() > end)
      throw new Error(`no ${object.kind} ${object.metadata.name}: ${JSON.stringify(body)}`);
    await sleep(50);
  }
}

function collectionPath({ apiVersion, kind, metadata }: KubernetesObject): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const resource = `${kind.toLowerCase()}s`;
  return metadata.namespace === undefined
    ? `${root}/${resource}`
    : `${root}/namespaces/${metadata.namespace}/${resource}`;
}
