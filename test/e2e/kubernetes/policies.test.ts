import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { isMap, read } from '../../../src/policy/json.ts';
import { listMutations, listRules } from '../../../src/policy/registry.ts';
import { loadRegistry } from '../../../src/registry.ts';
import { CASES, type Case, isCalled } from '../../cases/case.ts';
import { type ApiAnswer, openCluster } from '../cluster/access.ts';
import { freePorts } from '../cluster/ports.ts';
import { cli, type Served, serveBuilt } from '../process.ts';
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
import { SHOOT_CHANGE, type Written } from './shoot-changes.ts';

// The same objects into four namespaces: where only the policies are, only the webhooks with the same rules, both, and
// where the policies are beside webhooks that are away. What the webhooks say is right.

const WAYS = ['policies', 'webhooks', 'both', 'away'] as const;
type Way = (typeof WAYS)[number];
const HAVE_POLICIES: readonly Way[] = ['policies', 'both', 'away'];

const RULES = ['shoot/kube-proxy-off-needs-ebpf', 'shoot/vpa-mode-needs-vpa'];
const MUTATION = 'azure-backend';
const GENERATED = 300;

const cluster = openCluster(inject('cluster'));
const registry = loadRegistry();
const directory = mkdtempSync(join(tmpdir(), 'calico-admission-policies-'));
let served: Served;

interface Item extends Written {
  readonly id: string;
  readonly kind: 'Shoot' | 'Network';
  /** The cloud of the namespace that a Network is in. */
  readonly cloud: string;
}

const fromCases: Item[] = CASES.filter(
  (each) =>
    isCalled(each) &&
    // The mutating webhook rejects a providerConfig that it cannot correct; a MutatingAdmissionPolicy can reject nothing.
    !(each.kind === 'network-mutate' && !each.expect.allowed) &&
    // The API server decodes before any policy: of a key that comes twice, the last one stays.
    each.rawProviderConfig === undefined &&
    // It takes the deletionTimestamp away from what is created.
    !(each.operation === 'CREATE' && read(each.object, 'metadata', 'deletionTimestamp') !== undefined),
).map((each: Case) => ({
  id: each.id,
  kind: each.kind === 'network-mutate' ? 'Network' : 'Shoot',
  cloud: each.provider,
  object: each.object,
  old: each.old,
}));

const fromExamples: Item[] = [...listRules(registry), ...listMutations(registry)]
  .filter(({ id }) => [...RULES, MUTATION].includes(id))
  .flatMap(({ id, docs }) =>
    (['good', 'bad'] as const).map((which) => ({
      id: `${which} example of ${id}`,
      kind: 'Shoot',
      cloud: '',
      object: parse(docs[which]),
    })),
  );

const generated: Item[] = fc.sample(SHOOT_CHANGE, { numRuns: GENERATED, seed: 23 }).map((each, index) => ({
  id: `generated ${index}`,
  kind: 'Shoot',
  cloud: '',
  ...each,
}));

const ITEMS = [...fromCases, ...fromExamples, ...generated];
const NAMES = new Map(ITEMS.map(({ id }, index) => [id, `item-${index}`]));

function namespaceOf(way: Way, { kind, cloud }: Pick<Item, 'kind' | 'cloud'>): string {
  return kind === 'Shoot' ? way : `${way}-${cloud}`;
}

function pathOf(way: Way, item: Pick<Item, 'kind' | 'cloud'>): string {
  const namespace = namespaceOf(way, item);
  return item.kind === 'Shoot' ? shootsPath(namespace) : networksPath(namespace);
}

function placed(object: object, way: Way, item: Item) {
  const apiVersion =
    item.kind === 'Shoot' ? 'core.gardener.cloud/v1beta1' : 'extensions.gardener.cloud/v1alpha1';
  const metadata: object = Object(read(object, 'metadata'));
  const name = NAMES.get(item.id) ?? '';
  return {
    apiVersion,
    kind: item.kind,
    ...object,
    metadata: { ...metadata, name, namespace: namespaceOf(way, item) },
  };
}

async function ok(method: string, path: string, body?: object): Promise<ApiAnswer> {
  const answer = await cluster.api(method, path, body === undefined ? {} : { body });
  expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer;
}

/** Before any policy: with its status, and being deleted where the update is of such a one. */
async function store(item: Item, way: Way): Promise<void> {
  const { old, object } = item;
  if (!isMap(old)) return;
  const isDeleted = read(object, 'metadata', 'deletionTimestamp') !== undefined;
  const whole = placed(old, way, item);
  const path = pathOf(way, item);
  const finalizers = { finalizers: ['gardener.cloud/test'] };
  await ok('POST', path, isDeleted ? { ...whole, metadata: { ...whole.metadata, ...finalizers } } : whole);
  if (read(old, 'status') !== undefined) {
    const stored = await ok('GET', `${path}/${whole.metadata.name}`);
    await ok('PUT', `${path}/${whole.metadata.name}/status`, { ...stored.body, status: read(old, 'status') });
  }
  if (isDeleted) await ok('DELETE', `${path}/${whole.metadata.name}`);
}

/** What becomes of an item; nothing of it is stored. */
async function evaluate(item: Item, way: Way) {
  const path = pathOf(way, item);
  const whole = placed(item.object, way, item);
  const answer = await (isMap(item.old)
    ? update(`${path}/${whole.metadata.name}`, whole)
    : cluster.api('POST', `${path}?dryRun=All`, { body: whole }));
  const isAllowed = answer.status < 300;
  if (!isAllowed) expect(answer.body).toMatchObject({ code: 422, reason: 'Invalid' });
  return {
    isAllowed,
    spec: isAllowed ? read(answer.body, 'spec') : undefined,
    rules: isAllowed ? [] : RULES.filter((id) => JSON.stringify(answer.body).includes(`[${id}]`)),
  };
}

async function update(path: string, whole: ReturnType<typeof placed>): Promise<ApiAnswer> {
  const stored = await ok('GET', path);
  const { resourceVersion, uid, finalizers, deletionTimestamp } = stored.body.metadata;
  const metadata = { ...whole.metadata, resourceVersion, uid, finalizers, deletionTimestamp };
  return cluster.api('PUT', `${path}?dryRun=All`, { body: { ...whole, metadata } });
}

/** Our webhooks as they are printed, for some namespaces. */
function narrowed(configuration: Configuration, name: string, ways: readonly Way[]): Configuration {
  const [webhook] = configuration.webhooks ?? [];
  if (webhook === undefined) throw new Error('manifests printed something else');
  const selector = webhook.namespaceSelector ?? {};
  const asks = { key: 'asks', operator: 'In', values: [...ways] };
  webhook.namespaceSelector = { matchExpressions: [...(selector.matchExpressions ?? []), asks] };
  configuration.metadata = { ...configuration.metadata, name };
  return configuration;
}

async function registerWebhooks(): Promise<void> {
  const [port = 0] = await freePorts(1);
  const away = { url: `https://127.0.0.1:${port}`, certDir: served.certDir };
  const all: Configuration[] = [];
  for (const clusterFlag of ['garden', 'seed']) {
    const args = ['--cluster', clusterFlag];
    for (const each of parseConfigurations(await printManifests(served, args))) {
      all.push(narrowed(each, `here-${clusterFlag}`, ['webhooks', 'both']));
    }
    for (const each of parseConfigurations(
      await printManifests(away, [...args, '--failure-policy', 'Ignore']),
    )) {
      all.push(narrowed(each, `away-${clusterFlag}`, ['away']));
    }
  }
  await apply(cluster, all);
}

/** The policies as they are printed; their bindings choose the namespaces. */
async function applyPolicies(): Promise<void> {
  for (const args of [[], ['--cluster', 'seed']]) {
    const { code, stdout, stderr } = await cli(['manifests', '--policies', '--mutating', ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const objects = parseAllDocuments(stdout).map((each) => each.toJS());
    for (const each of objects.filter(({ kind }) => kind.endsWith('Binding'))) {
      const asks = { key: 'asks', operator: 'In', values: [...HAVE_POLICIES] };
      each.spec.matchResources = { namespaceSelector: { matchExpressions: [asks] } };
    }
    await apply(cluster, objects);
  }
}

const POLICY_KINDS = [
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
];

async function makeNamespaces(): Promise<void> {
  const clouds = new Set(ITEMS.filter(({ kind }) => kind === 'Network').map(({ cloud }) => cloud));
  for (const way of WAYS) {
    await createNamespace(cluster, way, { asks: way });
    for (const cloud of clouds) {
      await createNamespace(cluster, `${way}-${cloud}`, {
        asks: way,
        'shoot.gardener.cloud/provider': cloud,
        'networking.shoot.gardener.cloud/provider': 'calico',
      });
    }
  }
}

async function untilAsked(): Promise<void> {
  for (const way of WAYS) {
    await waitUntil(`everybody is asked about ${way}`, async () => {
      const shoots = `${shootsPath(way)}?dryRun=All`;
      const vpa = {
        ...azureShoot(way, 'probe').spec.networking,
        providerConfig: { autoScaling: { mode: 'vpa' } },
      };
      const probe = azureShoot(way, 'probe');
      const rejected = await Promise.all([
        cluster.api('POST', shoots, { body: badShoot(way, 'probe') }),
        cluster.api('POST', shoots, { body: { ...probe, spec: { ...probe.spec, networking: vpa } } }),
      ]);
      const corrected = await cluster.api('POST', shoots, { body: probe });
      const metadata = { name: 'probe', namespace: `${way}-azure` };
      const network = await cluster.api('POST', `${networksPath(`${way}-azure`)}?dryRun=All`, {
        body: { ...AZURE_NETWORK, metadata },
      });
      return (
        rejected.every(({ status }) => status === 422) &&
        read(corrected.body, 'spec', 'networking', 'providerConfig', 'backend') === 'none' &&
        read(network.body, 'spec', 'providerConfig', 'backend') === 'none'
      );
    });
  }
}

beforeAll(async () => {
  const rules = Object.fromEntries(
    listRules(registry)
      .filter(({ id }) => !RULES.includes(id))
      .map(({ id }) => [id, 'off']),
  );
  const mutations = Object.fromEntries(
    listMutations(registry)
      .filter(({ id }) => id !== MUTATION)
      .map(({ id }) => [id, 'off']),
  );
  const config = join(directory, 'config.json');
  writeFileSync(config, JSON.stringify({ rules, mutations }));
  served = await serveBuilt(['--config', config]);
  await unregister(cluster);
  await installKinds(cluster);
  await makeNamespaces();
  for (const way of WAYS) for (const item of ITEMS) await store(item, way);
  await registerWebhooks();
  await applyPolicies();
  await untilAsked();
}, 180_000);

afterAll(async () => {
  for (const kind of POLICY_KINDS) {
    await cluster.kubectl(['delete', kind, '-l', 'app.kubernetes.io/name=calico-admission']);
  }
  await unregister(cluster);
  for (const way of WAYS) {
    await removeObjects(cluster, shootsPath(way));
    await removeObjects(cluster, networksPath(`${way}-azure`));
  }
  served.cleanUp();
  rmSync(directory, { recursive: true, force: true });
});

it('has enough cases that are rejected, corrected, and allowed because they were wrong before', async () => {
  const verdicts: ({ readonly item: Item } & Awaited<ReturnType<typeof evaluate>>)[] = [];
  // One after the other: hundreds at once are more than an API server waits for on a busy machine.
  for (const item of ITEMS) verdicts.push({ item, ...(await evaluate(item, 'webhooks')) });
  const rejected = verdicts.filter(({ isAllowed }) => !isAllowed);
  const corrected = verdicts.filter(({ item, spec }) => {
    return spec !== undefined && JSON.stringify(spec) !== JSON.stringify(read(item.object, 'spec'));
  });
  expect(verdicts.length).toBeGreaterThan(GENERATED + CASES.length - 10);
  for (const rule of RULES)
    expect(rejected.filter(({ rules }) => rules.includes(rule)).length).toBeGreaterThan(10);
  expect(corrected.length).toBeGreaterThan(10);
  expect(rejected.filter(({ item }) => item.old !== undefined).length).toBeGreaterThan(10);
});

describe.each(HAVE_POLICIES)('%s: the same as by the webhooks', (way) => {
  it.each(ITEMS.filter(({ id }) => !id.startsWith('generated')).map((item) => [item.id, item] as const))(
    '%s',
    async (_id, item) => {
      await expectSame(item, way);
    },
  );

  it(`${GENERATED} that are made up`, async () => {
    for (const item of generated) await expectSame(item, way);
  });
});

async function expectSame(item: Item, way: Way): Promise<void> {
  const [right, found] = [await evaluate(item, 'webhooks'), await evaluate(item, way)];
  const what = `${item.id}: ${JSON.stringify(item)}`;
  expect({ isAllowed: found.isAllowed, spec: found.spec }, what).toEqual({
    isAllowed: right.isAllowed,
    spec: right.spec,
  });
  // If several policies reject, an API server names one.
  expect(right.rules, what).toEqual(expect.arrayContaining(found.rules));
  expect(found.rules.length > 0, what).toBe(right.rules.length > 0);
}

it('the policies use the messages of the webhook', async () => {
  const body = { ...badShoot('policies', 'told') };
  const { body: answer } = await cluster.api('POST', shootsPath('policies'), { body });
  const denied = await cluster.api('POST', shootsPath('webhooks'), { body: badShoot('webhooks', 'told') });
  expect(denied.body.message).toContain(`spec.kubernetes.kubeProxy.enabled: kube-proxy can only be off with`);
  const sentence = denied.body.message.replace(/^.*denied the request: /, '');
  expect(answer.message).toContain(sentence);
  expect(answer).toMatchObject({ code: 422, reason: 'Invalid', status: 'Failure' });
});

it('the API server finds nothing wrong with the policies', async () => {
  for (const kind of POLICY_KINDS) {
    const { items } = JSON.parse(await cluster.kubectlOk(['get', kind, '-o', 'json']));
    for (const { metadata, status } of items) {
      expect(status?.typeChecking?.expressionWarnings ?? [], metadata.name).toEqual([]);
    }
  }
});
