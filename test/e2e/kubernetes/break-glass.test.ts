import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Manifest, parseManifests, webhookConfigurations } from '../../manifests/render.ts';
import { findTool } from '../../manifests/tools.ts';
import { openCluster } from '../cluster/access.ts';
import { type Finished, ROOT, run, type Served, serveBuilt } from '../process.ts';
import { badAzureShoot, shootsPath } from './objects.ts';
import { apply, createNamespace, installKinds, unregister, waitUntil } from './registration.ts';

// The component break-glass and the chart's value, on a real API server: who has the right is not asked about, and
// all other users are, at once.

const cluster = openCluster(inject('cluster'));
const NAMESPACE = 'break-glass';
const USER = 'somebody';
const ROLE = 'calico-admission-break-glass';
const work = mkdtempSync(join(tmpdir(), 'calico-admission-'));
let served: Served;

const byKustomize = async (): Promise<string> => {
  const directory = join(work, 'manifests/mine');
  cpSync(join(ROOT, 'manifests'), join(work, 'manifests'), { recursive: true });
  mkdirSync(directory, { recursive: true });
  const text = 'resources: [../overlays/plain]\ncomponents: [../components/break-glass]\n';
  writeFileSync(join(directory, 'kustomization.yaml'), text);
  return cluster.kubectlOk(['kustomize', directory]);
};

const byHelm = async (): Promise<string> => {
  const chart = join(ROOT, 'manifests/chart');
  const args = ['template', 'x', chart, '--kube-version', '1.36.0', '-f', `${chart}/examples/plain.yaml`];
  const { code, stdout, stderr } = await run(findTool('helm'), [
    ...args,
    '--set',
    'application.breakGlass.enabled=true',
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

/** The webhook configurations, with the server of this test in the place of the Service, and the role. */
function pointed(text: string): object[] {
  const manifests = parseManifests(text);
  const caBundle = readFileSync(join(served.certDir, 'ca.crt')).toString('base64');
  const configurations = webhookConfigurations(manifests).map((configuration) => ({
    ...configuration,
    webhooks: configuration.webhooks?.map(({ clientConfig, ...webhook }) => ({
      ...webhook,
      clientConfig: { url: `${served.url}${clientConfig.service?.path}`, caBundle },
    })),
  }));
  const role = manifests.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === ROLE);
  expect(configurations).toHaveLength(2);
  return [...configurations, role as Manifest];
}

/** @param who flags of kubectl; none is the administrator, who has all verbs */
function create(who: readonly string[] = [`--as=${USER}`]): Promise<Finished> {
  const input = JSON.stringify(badAzureShoot(NAMESPACE, 'shoot'));
  const args = ['create', '--dry-run=server', '-o', 'json', '-f', '-', ...who];
  return cluster.kubectl(args, { input });
}

const isRejected = async (): Promise<boolean> =>
  (await create()).stderr.includes('[shoot/kube-proxy-off-needs-ebpf]');

beforeAll(async () => {
  await installKinds(cluster);
  await createNamespace(cluster, NAMESPACE);
  served = await serveBuilt();
  const may = ['--verb=get,list,create,update', '--resource=shoots.core.gardener.cloud'];
  await cluster.kubectlOk(['create', 'clusterrole', NAMESPACE, ...may]);
  await cluster.kubectlOk([
    'create',
    'clusterrolebinding',
    NAMESPACE,
    `--clusterrole=${NAMESPACE}`,
    `--user=${USER}`,
  ]);
});
afterEach(async () => {
  await unregister(cluster);
  await cluster.kubectl(['delete', 'clusterrolebinding', ROLE]);
  await cluster.kubectl(['delete', 'clusterrole', ROLE]);
});
afterAll(async () => {
  served?.cleanUp();
  await cluster.kubectl(['delete', 'clusterrole,clusterrolebinding', NAMESPACE]);
  await cluster.api('DELETE', shootsPath(NAMESPACE));
  rmSync(work, { recursive: true, force: true });
});

describe.each([
  { name: 'the component', render: byKustomize },
  { name: 'the chart', render: byHelm },
])('$name', ({ render }) => {
  it('asks about every user except those with the right', async () => {
    const manifests = pointed(await render());
    const withoutCondition = JSON.parse(JSON.stringify(manifests), (key, value) =>
      key === 'matchConditions' ? undefined : value,
    );
    // Before, the administrator is rejected as well.
    await apply(cluster, withoutCondition);
    await waitUntil('the webhook is asked', isRejected);
    expect((await create([])).stderr).toContain('[shoot/kube-proxy-off-needs-ebpf]');

    await apply(cluster, manifests);
    await waitUntil('the administrator is not asked', async () => (await create([])).code === 0);
    expect(await isRejected()).toBe(true);

    const grant = ['create', 'clusterrolebinding', ROLE, `--clusterrole=${ROLE}`, `--user=${USER}`];
    await cluster.kubectlOk(grant);
    await waitUntil('the right takes effect', async () => !(await isRejected()));
    const passed = await create();
    expect(passed).toMatchObject({ code: 0, stderr: '' });
    // Neither webhook is asked: nothing is corrected.
    const { providerConfig } = JSON.parse(passed.stdout).spec.networking;
    expect(providerConfig.backend).toBe('bird');

    await cluster.kubectlOk(['delete', 'clusterrolebinding', ROLE]);
    await waitUntil('the right is gone', isRejected);
  });

  it('can be opened to all users without a change of the webhook configurations', async () => {
    await apply(cluster, pointed(await render()));
    await waitUntil('the webhook is asked', isRejected);
    const everybody = [`--clusterrole=${ROLE}`, '--group=system:authenticated'];
    await cluster.kubectlOk(['create', 'clusterrolebinding', ROLE, ...everybody]);
    // An impersonated user has the groups that are named.
    const asUser = [`--as=${USER}`, '--as-group=system:authenticated'];
    await waitUntil('nobody is asked', async () => (await create(asUser)).code === 0);
  });

  it('shows who has the right', async () => {
    await apply(cluster, pointed(await render()));
    const question = 'validatingwebhookconfigurations.admissionregistration.k8s.io/calico-admission';
    const asked = async (who: readonly string[]): Promise<string> =>
      (await cluster.kubectl(['auth', 'can-i', 'break-glass', question, ...who])).stdout.trim();
    expect(await asked([`--as=${USER}`])).toBe('no');
    expect(await asked([])).toBe('yes');
    await cluster.kubectlOk([
      'create',
      'clusterrolebinding',
      ROLE,
      `--clusterrole=${ROLE}`,
      `--user=${USER}`,
    ]);
    await waitUntil('the right is known', async () => (await asked([`--as=${USER}`])) === 'yes');
  });
});
