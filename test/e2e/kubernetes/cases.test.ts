import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyPatch, type Operation } from 'rfc6902';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { isMap, read } from '../../../src/policy/json.ts';
import { CASES, type Case, expectAnswer, isCalled } from '../../cases/case.ts';
import type { Sample } from '../../samples/sample.ts';
import { ruleIds } from '../../support/review.ts';
import { type ApiAnswer, openCluster } from '../cluster/access.ts';
import { ROOT, type Served, serveBuilt } from '../process.ts';
import { AZURE_NETWORK, azureShoot, badShoot, networksPath, shootsPath } from './objects.ts';
import {
  apply,
  type Configuration,
  createNamespace,
  installKinds,
  parseConfigurations,
  printManifests,
  removeObjects,
  unregister,
  waitUntil,
} from './registration.ts';

// Each sample and case is written into a namespace for which only the path that it is about is registered: had both
// been, the mutation would have repaired what the validation has to evaluate.

interface Written {
  readonly metadata?: object;
  readonly kind?: string;
}

const SAMPLES: readonly Sample[] = JSON.parse(readFileSync(join(ROOT, 'test/samples/index.json'), 'utf8'));
const cluster = openCluster(inject('cluster'));
const SHOOT_PATHS = ['validate', 'mutate', 'mutate-azure', 'mutate-overlay-off'] as const;
const NETWORKS = {
  apiGroups: ['extensions.gardener.cloud'],
  apiVersions: ['v1alpha1'],
  resources: ['networks'],
};
const SEED_LABELS = ['shoot.gardener.cloud/provider', 'networking.shoot.gardener.cloud/provider'] as const;

const directory = mkdtempSync(join(tmpdir(), 'calico-admission-'));
let served: Served;
let overlayOff: Served;

function pathOf(object: Written, namespace: string): string {
  return object.kind === 'Network' ? networksPath(namespace) : shootsPath(namespace);
}

/** With a name and a place; both are required of whatever an API server is to hold. */
function placed<T extends Written>(object: T, name: string, namespace: string): T {
  return {
    apiVersion: 'core.gardener.cloud/v1beta1',
    kind: 'Shoot',
    ...object,
    metadata: { ...object.metadata, name, namespace },
  };
}

/** Stores what was there before any webhook was registered: with its status, and being deleted, as only deleting makes it. */
async function store(object: Written, path: string, name: string, deleted: boolean): Promise<void> {
  const finalizers =
    read(object, 'metadata', 'finalizers') ?? (deleted ? ['gardener.cloud/test'] : undefined);
  const metadata = { ...object.metadata, ...(finalizers !== undefined && { finalizers }) };
  await ok('POST', path, { ...object, metadata });
  const status = read(object, 'status');
  if (status !== undefined) {
    const stored = await ok('GET', `${path}/${name}`);
    await ok('PUT', `${path}/${name}/status`, { ...stored.body, status });
  }
  if (deleted) await ok('DELETE', `${path}/${name}`);
}

async function ok(method: string, path: string, body?: object): Promise<ApiAnswer> {
  const answer = await cluster.api(method, path, body === undefined ? {} : { body });
  expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer;
}

async function update(object: Written, path: string, name: string): Promise<ApiAnswer> {
  const stored = await ok('GET', `${path}/${name}`);
  const { resourceVersion, uid } = stored.body.metadata;
  const metadata = { ...object.metadata, resourceVersion, uid };
  return cluster.api('PUT', `${path}/${name}`, { body: { ...object, metadata } });
}

function verdict(answer: ApiAnswer) {
  const allowed = answer.status < 300;
  // Whatever else goes wrong has another status or another reason.
  if (!allowed) expect(answer.body).toMatchObject({ code: 422, reason: 'Invalid' });
  const causes: { field: string; message: string }[] = allowed ? [] : answer.body.details.causes;
  return { allowed, causes, warnings: answer.warnings, ...(allowed && { after: answer.body }) };
}

interface SampleReview {
  readonly request: {
    readonly operation?: string;
    readonly object: Written;
    readonly oldObject?: Written | null;
  };
}

const reviews = SAMPLES.filter((sample) => sample.expect.status === undefined)
  .map((sample, index) => {
    const text = readFileSync(join(ROOT, 'test/samples', sample.file), 'utf8');
    const review: SampleReview = JSON.parse(text);
    return { sample, name: `sample-${index}`, ...review.request };
  })
  // It always knows what was there before.
  .filter((each) => each.operation !== 'UPDATE' || isMap(each.oldObject));

const CASE_NAMES = new Map(CASES.map((each, index) => [each.id, `case-${index}`]));
const held = CASES.filter(
  (each) =>
    isCalled(each) &&
    // The API server decodes and encodes again: a field that was written twice never gets to a webhook.
    each.rawProviderConfig === undefined &&
    // It takes the deletionTimestamp away from what is created before any webhook is asked.
    !(each.operation === 'CREATE' && read(each.object, 'metadata', 'deletionTimestamp') !== undefined),
);

/** Cases of one way to be asked share a namespace. */
function namespaceOf(each: Case): string {
  if (each.kind === 'network-mutate') return `network-${each.provider}`;
  if (each.kind === 'shoot-validate') return 'validate';
  return each.flags?.enableOverlayAsDefaultForCalico === false ? 'mutate-overlay-off' : 'mutate';
}

function namespaceOfSample(sample: Sample): string {
  return sample.path.slice(1).replace('/', '-');
}

function nameOf(each: Case): string {
  return CASE_NAMES.get(each.id) ?? '';
}

/** Our own manifests, for one namespace and one path. */
function narrowed(
  configuration: Configuration | undefined,
  label: string,
  path = `/${label}`,
): Configuration {
  const webhook = configuration?.webhooks?.[0];
  const url = webhook?.clientConfig.url;
  if (!configuration || !webhook || url === undefined) throw new Error('manifests printed something else');
  webhook.clientConfig.url = `${new URL(url).origin}${path}`;
  webhook.namespaceSelector = { matchLabels: { asks: label } };
  // Also what belongs to the other cluster: a sample goes to the path for Shoots and is a Network.
  webhook.rules = [...(webhook.rules ?? []), { ...webhook.rules?.[0], ...NETWORKS }];
  configuration.metadata = { ...configuration.metadata, name: `calico-admission-${label}` };
  return configuration;
}

beforeAll(async () => {
  const config = join(directory, 'config.yaml');
  writeFileSync(config, 'openstack: {enableOverlayAsDefaultForCalico: false}\n');
  [served, overlayOff] = await Promise.all([
    serveBuilt(),
    serveBuilt(['--config', config], { certDir: join(directory, 'certs') }),
  ]);
  await installKinds(cluster);
  for (const path of SHOOT_PATHS) await createNamespace(cluster, path, { asks: path });
  for (const provider of new Set(
    held.filter((each) => each.kind === 'network-mutate').map((each) => each.provider),
  )) {
    const [cloud, network] = SEED_LABELS;
    await createNamespace(cluster, `network-${provider}`, { [cloud]: provider, [network]: 'calico' });
  }
  for (const each of held) {
    if (each.old === undefined) continue;
    const namespace = namespaceOf(each);
    const old = placed(each.old, nameOf(each), namespace);
    const deleted = read(each.object, 'metadata', 'deletionTimestamp') !== undefined;
    await store(old, pathOf(old, namespace), nameOf(each), deleted);
  }
  for (const { sample, name, oldObject } of reviews) {
    if (!isMap(oldObject)) continue;
    const namespace = namespaceOfSample(sample);
    const old = placed(oldObject, name, namespace);
    await store(old, pathOf(old, namespace), name, false);
  }
  const garden = async (from: Served) => parseConfigurations(await printManifests(from));
  const [validating] = await garden(served);
  const mutating = async (from: Served) => (await garden(from))[1];
  const seed = parseConfigurations(await printManifests(served, ['--cluster', 'seed']));
  await apply(cluster, [
    narrowed(validating, 'validate'),
    narrowed(await mutating(served), 'mutate'),
    narrowed(await mutating(served), 'mutate-azure', '/mutate/azure'),
    narrowed(await mutating(overlayOff), 'mutate-overlay-off', '/mutate'),
    // As it is printed, except for the validating half.
    ...seed.filter((each) => each.kind === 'MutatingWebhookConfiguration'),
  ]);
  await waitUntil('all paths are asked', async () => {
    const probes = SHOOT_PATHS.map((path) =>
      path === 'validate' ? badShoot(path, 'probe') : azureShoot(path, 'probe'),
    );
    const answers = await Promise.all(
      probes.map((body) =>
        cluster.api('POST', `${shootsPath(body.metadata.namespace)}?dryRun=All`, { body }),
      ),
    );
    return answers.every((answer) => answer.status === 422 || answer.warnings.length > 0);
  });
  await waitUntil('the path for Networks is asked', async () => {
    const body = placed({ ...AZURE_NETWORK }, 'probe', 'network-azure');
    return (
      (await cluster.api('POST', `${networksPath('network-azure')}?dryRun=All`, { body })).warnings.length > 0
    );
  });
});
afterAll(async () => {
  await unregister(cluster);
  // What is left with a finalizer would keep the kinds from ever being removed.
  for (const namespace of SHOOT_PATHS) await removeObjects(cluster, shootsPath(namespace));
  await removeObjects(cluster, networksPath('network-azure'));
  served.cleanUp();
  overlayOff.cleanUp();
  rmSync(directory, { recursive: true, force: true });
});

describe('every case of gardener.json that an API server can hold', () => {
  it('is nearly every case', () => {
    expect(held.length).toBeGreaterThan(CASES.length - 10);
  });

  it.each(held.map((each) => [each.id, each] as const))('%s', async (_id, each) => {
    const namespace = namespaceOf(each);
    const object = placed(each.object, nameOf(each), namespace);
    const path = pathOf(object, namespace);
    const answer = await (each.operation === 'UPDATE'
      ? update(object, path, nameOf(each))
      : cluster.api('POST', path, { body: object }));
    expectAnswer({ ...each, object }, verdict(answer));
  });
});

describe('every sample that an API server can hold', () => {
  it.each(reviews.map((each) => [`${each.sample.file} to ${each.sample.path}`, each] as const))(
    '%s',
    async (_title, { sample, name, operation, object }) => {
      const namespace = namespaceOfSample(sample);
      const written = placed(object, name, namespace);
      const path = pathOf(written, namespace);
      const answer = await (operation === 'UPDATE'
        ? update(written, path, name)
        : cluster.api('POST', path, { body: written }));
      const { allowed, causes, warnings, after } = verdict(answer);
      expect(allowed).toBe(sample.expect.allowed);
      expect(causes.map((cause) => cause.field).sort()).toEqual([...(sample.expect.fields ?? [])].sort());
      expect(ruleIds(warnings)).toEqual(sample.expect.warnings ?? []);
      if (!allowed) return;
      const expected = structuredClone(written);
      applyPatch(expected, structuredClone(sample.expect.patch ?? []) as Operation[]);
      expect(read(after, 'spec')).toEqual(read(expected, 'spec'));
    },
  );
});
