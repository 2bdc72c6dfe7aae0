import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ClusterClient, openCluster } from '../cluster/access.ts';
import { startReaper } from '../cluster/reaper.ts';
import { apply, waitUntil } from '../kubernetes/registration.ts';
import { cli } from '../process.ts';
import { startGardenerApiserver } from './gardener-apiserver.ts';
import { makeShoot, SHOOTS, type ShootOptions } from './objects.ts';

// No webhook is registered. Shoots are Gardener's API server's own, and so is their admission: it evaluates
// ValidatingAdmissionPolicies by default, and MutatingAdmissionPolicies where the settings ask for them.

const garden = inject('garden');
const cluster = openCluster(garden.cluster);
const DRY_RUN = `${SHOOTS}?dryRun=All`;
const TYPE_META = {
  apiVersion: 'calico.networking.extensions.gardener.cloud/v1alpha1',
  kind: 'NetworkConfig',
};
const EBPF = '[shoot/kube-proxy-off-needs-ebpf]';
const VPA = '[shoot/vpa-mode-needs-vpa]';
const KUBE_PROXY_OFF = { kubeProxy: { enabled: false } };
const VPA_MODE = { autoScaling: { mode: 'vpa' } };
const VPA_OFF = { verticalPodAutoscaler: { enabled: false } };

const dryRun = (client: ClusterClient, name: string, options: ShootOptions) =>
  client.api('POST', DRY_RUN, { body: makeShoot(name, options) });

beforeAll(async () => {
  const old = makeShoot('wrong-before', { provider: 'local', kubernetes: KUBE_PROXY_OFF });
  expect((await cluster.api('POST', SHOOTS, { body: old })).status).toBe(201);
  const { code, stdout, stderr } = await cli(['manifests', '--policies', '--mutating']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  await apply(cluster, stdout);
  await waitUntil('the policies are evaluated', async () => {
    const answers = await Promise.all([
      dryRun(cluster, 'probe', { kubernetes: KUBE_PROXY_OFF }),
      dryRun(cluster, 'probe', { kubernetes: VPA_OFF, providerConfig: VPA_MODE }),
    ]);
    return answers.every(({ status }) => status === 422);
  });
});

afterAll(async () => {
  for (const kind of ['validating', 'mutating']) {
    for (const part of ['policies', 'policybindings']) {
      const selector = ['-l', 'app.kubernetes.io/name=calico-admission'];
      await cluster.kubectl(['delete', `${kind}admission${part}`, ...selector]);
    }
  }
  await cluster.api('DELETE', `${SHOOTS}/wrong-before`);
});

describe("Gardener's API server by itself", () => {
  it.each<{ name: string; options: ShootOptions; says: string }>([
    { name: 'kube-proxy off', options: { kubernetes: KUBE_PROXY_OFF }, says: EBPF },
    {
      name: 'kube-proxy off, eBPF off',
      options: { kubernetes: KUBE_PROXY_OFF, providerConfig: { ebpfDataplane: { enabled: false } } },
      says: EBPF,
    },
    { name: 'vpa mode, VPA off', options: { kubernetes: VPA_OFF, providerConfig: VPA_MODE }, says: VPA },
    {
      name: 'vpa mode, an empty VPA block',
      options: { kubernetes: { verticalPodAutoscaler: {} }, providerConfig: VPA_MODE },
      says: VPA,
    },
  ])('rejects $name', async ({ options, says }) => {
    const { status, body } = await dryRun(cluster, 'refused', options);
    expect([status, body.reason]).toEqual([422, 'Invalid']);
    expect(body.message).toContain(says);
  });

  it.each<{ name: string; options: ShootOptions }>([
    { name: 'a good one', options: {} },
    {
      name: 'kube-proxy off with eBPF',
      options: { kubernetes: KUBE_PROXY_OFF, providerConfig: { ebpfDataplane: { enabled: true } } },
    },
    { name: "vpa mode with Gardener's default", options: { providerConfig: VPA_MODE } },
    { name: 'Cilium', options: { networking: { type: 'cilium' }, kubernetes: KUBE_PROXY_OFF } },
  ])('lets $name through', async ({ options }) => {
    const { status, body } = await dryRun(cluster, 'allowed', options);
    expect([status, body.message]).toEqual([201, undefined]);
  });

  it('lets an update through that does not make it worse, and a change of metadata', async () => {
    const { body: stored } = await cluster.api('GET', `${SHOOTS}/wrong-before`);
    const changed = { ...stored, spec: { ...stored.spec, purpose: 'testing' } };
    const labelled = { ...stored, metadata: { ...stored.metadata, labels: { seen: 'yes' } } };
    for (const body of [changed, labelled]) {
      const { status } = await cluster.api('PUT', `${SHOOTS}/wrong-before?dryRun=All`, { body });
      expect(status).toBe(200);
    }
    const networking = { ...stored.spec.networking, providerConfig: VPA_MODE };
    const worse = { ...changed.spec, networking, kubernetes: { ...stored.spec.kubernetes, ...VPA_OFF } };
    const { status, body } = await cluster.api('PUT', `${SHOOTS}/wrong-before?dryRun=All`, {
      body: { ...stored, spec: worse },
    });
    expect(status).toBe(422);
    expect(body.message).toContain(VPA);
    expect(body.message).not.toContain(EBPF);
  });

  it('does not evaluate a MutatingAdmissionPolicy by default', async () => {
    const { body } = await dryRun(cluster, 'policy-azure', {
      provider: 'azure',
      providerConfig: { backend: 'bird' },
    });
    expect(body.spec.networking.providerConfig).toEqual({ backend: 'bird' });
  });
});

describe('with --enable-admission-plugins=MutatingAdmissionPolicy', () => {
  const reaper = startReaper();
  let other: ClusterClient;
  beforeAll(async () => {
    const args = ['--enable-admission-plugins=MutatingAdmissionPolicy'];
    const { url, caFile } = await startGardenerApiserver(garden.cluster, reaper, {
      path: garden.gardenerPath,
      name: 'mutating-policy',
      args,
    });
    other = openCluster({ ...garden.cluster, url, caFile });
    const ask = () => dryRun(other, 'probe', { provider: 'azure', providerConfig: { backend: 'bird' } });
    await waitUntil('the policy is evaluated', async () => {
      const { body } = await ask();
      return body.spec?.networking.providerConfig.backend === 'none';
    });
  });
  afterAll(() => reaper.reap());

  it.each<{ name: string; provider?: string; written: unknown; stored: unknown }>([
    { name: 'nothing', written: undefined, stored: { ...TYPE_META, backend: 'none' } },
    { name: 'bird', written: { ...TYPE_META, backend: 'bird' }, stored: { ...TYPE_META, backend: 'none' } },
    {
      name: 'None',
      written: { backend: 'None', vethMTU: '1440' },
      stored: { backend: 'none', vethMTU: '1440' },
    },
    {
      name: 'no backend',
      written: { typha: { enabled: true } },
      stored: { backend: 'none', typha: { enabled: true } },
    },
    { name: 'vxlan', written: { backend: 'vxlan' }, stored: { backend: 'vxlan' } },
    { name: 'bird on AWS', provider: 'aws', written: { backend: 'bird' }, stored: { backend: 'bird' } },
  ])('$name', async ({ provider = 'azure', written, stored }) => {
    const { status, body } = await dryRun(other, 'policy-azure', { provider, providerConfig: written });
    expect([status, body.message]).toEqual([201, undefined]);
    expect(body.spec.networking.providerConfig).toEqual(stored);
  });
});
