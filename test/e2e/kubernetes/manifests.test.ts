import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { INSTALLATIONS, type Manifest, parseManifests } from '../../manifests/render.ts';
import { findTool } from '../../manifests/tools.ts';
import { type ApiAnswer, openCluster } from '../cluster/access.ts';
import { cli, ROOT, run } from '../process.ts';
import { expectPodAdmitted, PRIORITY_CLASSES, serveInstalled } from './installed.ts';
import { AZURE_NETWORK, badShoot, networksPath, shootsPath } from './objects.ts';
import { apply, createNamespace, installKinds, unregister, waitForAnswer } from './registration.ts';

// What manifests/ and the chart install, taken by a real API server with Pod Security admission: not a word of warning,
// Pods that its strictest level admits, and, with a server behind the Service, the answers that they promise.

const cluster = openCluster(inject('cluster'));
const work = mkdtempSync(join(tmpdir(), 'calico-admission-'));
const manifests = join(work, 'manifests');
const certDir = join(manifests, 'example/tls');
const RESTRICTED = Object.fromEntries(
  ['enforce', 'warn', 'audit'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
);
// `garden` is Gardener's, and Helm does not label what it finds.
const NAMESPACES = ['calico-admission', 'garden'].map((name) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: RESTRICTED },
}));
const installed: Manifest[] = [];

/** The kinds of other operators: enough to store the objects, nothing acts on them. */
function foreignKind(group: string, version: string, kind: string, scope = 'Namespaced'): object {
  const singular = kind.toLowerCase();
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${group}` },
    spec: {
      group,
      scope,
      names: { kind, plural: `${singular}s`, singular },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  };
}
const FOREIGN = [
  foreignKind('crd.projectcalico.org', 'v1', 'IPPool', 'Cluster'),
  foreignKind('cert-manager.io', 'v1', 'Certificate'),
  foreignKind('cert-manager.io', 'v1', 'Issuer'),
  foreignKind('monitoring.coreos.com', 'v1', 'PrometheusRule'),
  foreignKind('monitoring.coreos.com', 'v1', 'ServiceMonitor'),
];
interface Promised {
  readonly overlay: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly path: (namespace: string) => string;
  readonly object: (namespace: string) => object;
  readonly isKept: (answer: ApiAnswer) => boolean;
}

/** Gardener labels every Shoot with Calico so. */
const labelled = (namespace: string): object => {
  const shoot = badShoot(namespace, 'shoot');
  const labels = { 'networking.extensions.gardener.cloud/calico': 'true' };
  return { ...shoot, metadata: { ...shoot.metadata, labels } };
};
const PROMISES: readonly Promised[] = [
  {
    overlay: 'demo',
    labels: {},
    path: shootsPath,
    object: (namespace) => badShoot(namespace, 'shoot'),
    isKept: ({ status }) => status === 422,
  },
  {
    overlay: 'plain',
    labels: {},
    path: shootsPath,
    object: (namespace) => badShoot(namespace, 'shoot'),
    isKept: ({ status }) => status === 422,
  },
  {
    overlay: 'trial',
    labels: { 'calico-admission.gardener.cloud/trial': 'enabled' },
    path: shootsPath,
    object: labelled,
    isKept: ({ status, warnings }) =>
      status === 201 && warnings.some((each) => each.endsWith('[shoot/kube-proxy-off-needs-ebpf]')),
  },
  {
    overlay: 'seed',
    labels: {
      'shoot.gardener.cloud/provider': 'azure',
      'networking.shoot.gardener.cloud/provider': 'calico',
    },
    path: networksPath,
    object: (namespace) => ({ ...AZURE_NETWORK, metadata: { name: 'network', namespace } }),
    isKept: ({ status, body }) => status === 201 && body.spec.providerConfig.backend === 'none',
  },
  {
    overlay: 'calico',
    labels: {},
    path: () => '/apis/crd.projectcalico.org/v1/ippools',
    object: () => ({
      apiVersion: 'crd.projectcalico.org/v1',
      kind: 'IPPool',
      metadata: { name: 'pool' },
      spec: { cidr: '10.244.0.0' },
    }),
    isKept: ({ status }) => status === 422,
  },
];

/** @param directory below the copy of manifests/ */
async function install(directory: string): Promise<Manifest[]> {
  const rendered = await cluster.kubectlOk(['kustomize', join(manifests, directory)]);
  const applied = await cluster.kubectl(['apply', '-f', '-'], { input: rendered });
  expect(applied).toMatchObject({ code: 0, stderr: '' });
  const objects = parseManifests(rendered);
  expect(applied.stdout.trim().split('\n')).toHaveLength(objects.length);
  installed.push(...objects);
  return objects;
}

beforeAll(async () => {
  cpSync(join(ROOT, 'manifests'), manifests, {
    recursive: true,
    filter: (path) => !/\.(crt|key)$/.test(path),
  });
  // As manifests/README.md says.
  const made = await cli(['certs', '--cert-dir', certDir]);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  await installKinds(cluster);
  await apply(cluster, [...FOREIGN, ...PRIORITY_CLASSES, ...NAMESPACES]);
  for (const kind of [
    'certificates.cert-manager.io',
    'ippools.crd.projectcalico.org',
    'prometheusrules.monitoring.coreos.com',
  ]) {
    await cluster.kubectlOk(['wait', '--for=condition=Established', '--timeout=30s', `crd/${kind}`]);
  }
});
afterEach(async () => {
  await unregister(cluster);
  // Namespaces would never be gone, and the kinds are others' as well.
  const rest = installed
    .splice(0)
    .filter(({ kind }) => !['Namespace', 'CustomResourceDefinition'].includes(kind));
  if (rest.length === 0) return;
  const input = rest.map((each) => JSON.stringify(each)).join('\n---\n');
  await cluster.kubectlOk(['delete', '--ignore-not-found', '--wait=false', '-f', '-'], { input });
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('Pod Security admission', () => {
  it('is in force: a Pod without a securityContext is rejected', async () => {
    const spec = { containers: [{ name: 'careless', image: 'any' }] };
    const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'careless' }, spec };
    const answer = await cluster.api('POST', '/api/v1/namespaces/calico-admission/pods', { body });
    expect(answer.status).toBe(403);
    expect(answer.body.message).toContain('violates PodSecurity "restricted:latest"');
  });
});

describe('kustomize', () => {
  // The others are installed by example/, below.
  const alone = INSTALLATIONS.filter(({ name }) => !PROMISES.some(({ overlay }) => overlay === name));

  it.each(alone.map((each) => [each.name, each] as const))(
    '%s is taken as it is',
    async (_name, { overlays }) => {
      const objects: Manifest[] = [];
      for (const overlay of overlays) objects.push(...(await install(overlay)));
      await expectPodAdmitted(cluster, objects);
    },
  );

  it('monitoring is taken as it is', async () => {
    await install('monitoring');
  });
});

describe('the chart', () => {
  const examples = INSTALLATIONS.filter(({ example }) => example !== undefined);

  const brought = [
    ...['--set', 'runtime.tls.source=secret', '--set', 'application.keeper.enabled=false'],
    ...['--set-file', `application.caBundle=${join(certDir, 'ca.crt')}`],
  ];

  it.each([
    ...examples.map((each) => ({ ...each, title: each.example ?? 'its defaults', more: [] })),
    ...examples
      .filter(({ name }) => name === 'plain')
      .map((each) => ({ ...each, title: 'a certificate that you bring', more: brought })),
  ])('$title is installed as manifests/README.md says', async ({ example, namespace, more }) => {
    const helm = findTool('helm');
    const env = { KUBECONFIG: cluster.kubeconfig, HOME: work };
    const values = example === null ? [] : ['-f', join(manifests, `chart/examples/${example}.yaml`)];
    const args = ['upgrade', '--install', 'calico-admission', join(manifests, 'chart'), '-n', namespace];
    // Each cluster has a ServiceAccount of the same name; this one has to be both, one after the other.
    const parts = example === 'virtual-garden' ? ['application', 'runtime'] : [undefined];
    const objects: Manifest[] = [];
    for (const left of parts) {
      const part = left === undefined ? [] : ['--set', `${left}.enabled=false`];
      const all = [...args, '--create-namespace', ...values, ...part, ...more, '-o', 'json'];
      try {
        const finished = await run(helm, all, { env });
        expect(finished).toMatchObject({ code: 0, stderr: '' });
        const release: { manifest: string } = JSON.parse(finished.stdout);
        objects.push(...parseManifests(release.manifest));
      } finally {
        await run(helm, ['uninstall', 'calico-admission', '-n', namespace], { env });
      }
    }
    await expectPodAdmitted(cluster, objects);
  });
});

describe.each(['example', 'example/own-certificate'])('%s with a server behind its Service', (example) => {
  it.each(PROMISES.map((each) => [each.overlay, each] as const))(
    'keeps what %s promises',
    async (_name, promised) => {
      const file = join(manifests, example, 'kustomization.yaml');
      const text = readFileSync(file, 'utf8').replace(/overlays\/\w+/, `overlays/${promised.overlay}`);
      writeFileSync(file, text);
      const objects = await install(example);
      await expectPodAdmitted(cluster, objects);
      const isBrought = example === 'example/own-certificate';
      const { end } = await serveInstalled(cluster, objects, isBrought ? { certDir } : {});
      const namespace = `promise-${promised.overlay}`;
      await createNamespace(cluster, namespace, promised.labels);
      const ask = () =>
        cluster.api('POST', `${promised.path(namespace)}?dryRun=All`, { body: promised.object(namespace) });
      try {
        await waitForAnswer(`${promised.overlay} keeps its promise`, ask, promised.isKept);
      } finally {
        await end();
      }
    },
  );
});
