import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { deployment, type Manifest } from '../../manifests/render.ts';
import { findTool } from '../../manifests/tools.ts';
import { findAssets, findControllers } from '../assets/assets.ts';
import { findExtensionKind } from '../assets/gardener.ts';
import { type ClusterClient, openCluster } from '../cluster/access.ts';
import { type Cluster, startCluster } from '../cluster/cluster.ts';
import { freePorts } from '../cluster/ports.ts';
import { startReaper } from '../cluster/reaper.ts';
import { expectPodAdmitted, listAll, PRIORITY_CLASSES, serveInstalled } from '../kubernetes/installed.ts';
import { AZURE_NETWORK, networksPath } from '../kubernetes/objects.ts';
import {
  apply,
  createNamespace,
  installKinds,
  waitForAnswer,
  waitUntil,
} from '../kubernetes/registration.ts';
import { cli, ROOT, run } from '../process.ts';
import { ACCOUNT, type Rendered, renderExtension, URL_IN_GARDEN, writeInjected } from './extension.ts';
import { makeShoot, NAMESPACE, SHOOTS } from './objects.ts';

// manifests/gardener/extension.yaml, rendered by the packages of gardener-operator, gardener-controller-manager and
// gardenlet, and applied to three API servers: a runtime cluster, Gardener's virtual garden and a seed.

const garden = openCluster(inject('garden').cluster);
const REGISTRY = 'registry.example.org';
const OURS = 'europe.example.com/ours';
const VALIDATING = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/calico-admission';
const MUTATING = VALIDATING.replace('validating', 'mutating');
/** Until namespace controller and garbage collector have done their work. */
const GONE_MS = 60_000;
const work = mkdtempSync(join(tmpdir(), 'calico-admission-operator-'));
const extension = join(work, 'extension.yaml');
const reaper = startReaper();
let rendered: Rendered;
let runtime: Cluster;
let seed: Cluster;

/** As README.md pushes them; named after the last part of their references. */
async function packageCharts(): Promise<string> {
  const charts = join(work, 'charts');
  mkdirSync(charts);
  const chart = join(ROOT, 'manifests/chart');
  for (const each of [chart, join(chart, 'charts/runtime'), join(chart, 'charts/application')]) {
    const packed = await run(findTool('helm'), ['package', each, '-d', charts]);
    expect(packed).toMatchObject({ code: 0, stderr: '' });
  }
  for (const file of readdirSync(charts)) {
    renameSync(join(charts, file), join(charts, file.replace(/-\d+\.\d+\.\d+\.tgz$/, '.tgz')));
  }
  return charts;
}

async function kubectl(
  cluster: ClusterClient,
  verb: readonly string[],
  objects: readonly Manifest[],
): Promise<void> {
  const input = objects.map((each) => JSON.stringify(each)).join('\n---\n');
  const done = await cluster.kubectl([...verb, '-f', '-'], { input });
  expect(done).toMatchObject({ code: 0, stderr: '' });
}

/** The namespace first, in which the others are. */
async function install(cluster: ClusterClient, objects: readonly Manifest[]): Promise<string> {
  const [namespace, ...more] = objects.filter(({ kind }) => kind === 'Namespace');
  if (namespace === undefined || more.length > 0) throw new Error('there must be one Namespace');
  await kubectl(cluster, ['apply'], [namespace]);
  await kubectl(
    cluster,
    ['apply'],
    objects.filter((each) => each !== namespace),
  );
  return namespace.metadata.name;
}

/** All at once, as gardener-resource-manager does. */
const remove = (cluster: ClusterClient, objects: readonly Manifest[]): Promise<void> =>
  kubectl(cluster, ['delete', '--wait=false', '--ignore-not-found'], objects);

/** Both configurations hold an authority, and go with the namespace. */
async function expectRegistered(cluster: ClusterClient, namespace: string): Promise<void> {
  const { body: owner } = await cluster.api('GET', `/api/v1/namespaces/${namespace}`);
  for (const path of [VALIDATING, MUTATING]) {
    const { body } = await cluster.api('GET', path);
    expect(body.metadata.ownerReferences).toEqual([
      { apiVersion: 'v1', kind: 'Namespace', name: namespace, uid: owner.metadata.uid },
    ]);
    expect(body.webhooks).toMatchObject([
      { clientConfig: { caBundle: expect.stringMatching(/^LS0tLS1CRU/) } },
    ]);
  }
}

/** Waits until nothing is there that was not there before. */
async function expectNothingNew(cluster: ClusterClient, before: readonly string[]): Promise<void> {
  let left: string[] = [];
  const isGone = async (): Promise<boolean> => {
    left = (await listAll(cluster)).filter((each) => !before.includes(each));
    return left.length === 0;
  };
  await waitUntil('nothing of ours is left', isGone, GONE_MS).catch((cause: unknown) => {
    throw new Error(`${String(cause)}: ${left.join(', ')}`, { cause });
  });
}

beforeAll(async () => {
  const text = readFileSync(join(ROOT, 'manifests/gardener/extension.yaml'), 'utf8');
  expect(text.match(new RegExp(REGISTRY, 'g'))?.length).toBeGreaterThan(4);
  // What a landscape has to fill in, and nothing else.
  writeFileSync(extension, text.replaceAll(REGISTRY, OURS));
  rendered = await renderExtension(extension, await packageCharts());
  const assets = findAssets();
  [runtime, seed] = await Promise.all([startCluster({ assets }), startCluster({ assets })]);
  for (const cluster of [garden, seed]) {
    reaper.watch(spawn(findControllers(), [cluster.kubeconfig], { stdio: 'ignore' }));
  }
  for (const cluster of [runtime, seed]) await apply(cluster, PRIORITY_CLASSES);
  await installKinds(seed);
}, 900_000);
afterAll(async () => {
  await reaper.reap();
  await Promise.all([runtime?.stop(), seed?.stop()]);
  rmSync(work, { recursive: true, force: true });
});

describe('the Extension', () => {
  it('is one by the CustomResourceDefinition of gardener-operator', async () => {
    const kind = findExtensionKind();
    await runtime.kubectlOk(['apply', '--server-side', '-f', kind]);
    await runtime.kubectlOk(['wait', '--for=condition=Established', '--timeout=30s', '-f', kind]);
    const created = await runtime.kubectl(['create', '--dry-run=server', '-f', extension]);
    expect(created).toMatchObject({ code: 0, stderr: '' });
  });

  it('becomes a registration that Gardener accepts, for the seeds of Azure', async () => {
    expect(rendered.registration.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['ControllerDeployment', 'ControllerRegistration']),
    );
    await kubectl(garden, ['apply'], rendered.registration);
    await kubectl(garden, ['delete'], rendered.registration);
    expect(rendered.seeds).toEqual(['azure']);
  });

  it('gets a kubeconfig of the virtual garden, which the server reads', () => {
    const { containers } = deployment(rendered.runtime).spec?.template.spec ?? {};
    const variable = containers?.[0]?.env?.find(({ name }) => name === 'GARDEN_KUBECONFIG');
    const mounts = containers?.[0]?.volumeMounts?.map(({ mountPath }) => `${mountPath}/kubeconfig`);
    expect(mounts).toContain(variable?.value);
    expect(containers?.[0]?.args).toContain('--target-kubeconfig=$(GARDEN_KUBECONFIG)');
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(containers?.[0]?.image).toBe(`${OURS}/calico-admission:${version}`);
  });

  it('applies nothing that gardener-resource-manager would take back from the server', () => {
    for (const objects of [rendered.runtime, rendered.virtual, rendered.seed]) {
      expect(objects.filter(({ kind }) => kind.endsWith('WebhookConfiguration'))).toEqual([]);
      for (const { metadata } of objects.filter(({ kind }) => kind === 'Secret')) {
        expect(metadata.annotations?.['resources.gardener.cloud/ignore']).toBe('true');
      }
    }
  });
});

it('in runtime cluster and virtual garden: a Shoot is rejected, and everything can be removed again', async () => {
  const restricted = {
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/warn': 'restricted',
  };
  await createNamespace(runtime, 'garden', restricted);
  const before = { runtime: await listAll(runtime), garden: await listAll(garden) };
  const [port = 0] = await freePorts(1);
  // A virtual garden finds the Services of the runtime cluster by DNS; there is none here.
  const virtual: Manifest[] = JSON.parse(
    JSON.stringify(rendered.virtual).replaceAll(URL_IN_GARDEN, `https://127.0.0.1:${port}`),
  );
  // In the order of gardener-operator: the virtual garden first.
  const namespace = await install(garden, virtual);
  await apply(garden, [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: ACCOUNT }]);
  await kubectl(runtime, ['apply'], rendered.runtime);
  await expectPodAdmitted(runtime, rendered.runtime);

  const { served, end } = await serveInstalled(runtime, rendered.runtime, {
    variables: { GARDEN_KUBECONFIG: await writeInjected(garden, work) },
    args: ['--port', `${port}`, '--san', '127.0.0.1'],
  });
  const bad = makeShoot('op-bad', { providerConfig: { backend: 'Bird' } });
  const ask = () => garden.api('POST', `${SHOOTS}?dryRun=All`, { body: bad });
  try {
    await waitForAnswer('a Shoot is rejected', ask, ({ status }) => status === 422);
    await expectRegistered(garden, namespace);
    const doctor = await cli(['doctor', '--kubeconfig', garden.kubeconfig, '--namespace', NAMESPACE]);
    expect(doctor).toMatchObject({ code: 0, stderr: '' });
    // Applied as a whole again and again, as gardener-resource-manager does.
    const applied = virtual.filter(({ kind }) => kind !== 'Namespace');
    await kubectl(garden, ['replace'], applied);
    await expectRegistered(garden, namespace);
    expect((await ask()).status).toBe(422);
    // What is dropped from the ConfigMap goes, and the rest stays.
    const configMap = virtual.find(({ kind }) => kind === 'ConfigMap') as Manifest & {
      readonly data: Readonly<Record<string, string>>;
    };
    const { 'mutating.yaml': _dropped, ...data } = configMap.data;
    await kubectl(garden, ['replace'], [{ ...configMap, data }]);
    const readDropped = () => garden.api('GET', MUTATING);
    await waitForAnswer('the mutating webhook is gone', readDropped, ({ status }) => status === 404);
    expect((await ask()).status).toBe(422);
    expect(served.stderr()).toBe('');
  } finally {
    // In the order of gardener-operator: the runtime cluster first.
    await end();
    await remove(runtime, rendered.runtime);
    await remove(garden, virtual);
    await remove(garden, [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: ACCOUNT }]);
  }
  await waitForAnswer('everything can be written', ask, ({ status }) => status === 201, GONE_MS);
  await expectNothingNew(runtime, before.runtime);
  await expectNothingNew(garden, before.garden);
}, 300_000);

it('in a seed: a Network of Azure is corrected, and everything can be removed again', async () => {
  await createNamespace(seed, 'shoot--dev--azure', {
    'shoot.gardener.cloud/provider': 'azure',
    'networking.shoot.gardener.cloud/provider': 'calico',
  });
  const before = await listAll(seed);
  const namespace = await install(seed, rendered.seed);
  await expectPodAdmitted(seed, rendered.seed);
  const { end } = await serveInstalled(seed, rendered.seed);
  const path = `${networksPath('shoot--dev--azure')}?dryRun=All`;
  const body = { ...AZURE_NETWORK, metadata: { name: 'azure', namespace: 'shoot--dev--azure' } };
  const isWritten = (backend: string) =>
    waitForAnswer(
      `the backend is ${backend}`,
      () => seed.api('POST', path, { body }),
      (answer) => answer.status === 201 && answer.body.spec.providerConfig.backend === backend,
      GONE_MS,
    );
  try {
    await isWritten('none');
    await expectRegistered(seed, namespace);
  } finally {
    await end();
    await remove(seed, rendered.seed);
  }
  await isWritten('bird');
  await expectNothingNew(seed, before);
}, 300_000);
