import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openCluster } from '../cluster/access.ts';
import { ROOT, type Served } from '../process.ts';
import { completeShoot, makeShoot, NAMESPACE, SHOOTS, type ShootOptions } from './objects.ts';
import { registerOurs, removeOurs, startRecorder } from './webhook.ts';

// New Shoots, with Gardener's own defaults before us, and its own validation between our two webhooks.

const garden = inject('garden');
const cluster = openCluster(garden.cluster);

const CONFIG = 'spec.networking.providerConfig';
const TYPE_META = {
  apiVersion: 'calico.networking.extensions.gardener.cloud/v1alpha1',
  kind: 'NetworkConfig',
};
const VPA = 'shoot/vpa-mode-needs-vpa';
const EBPF = 'shoot/kube-proxy-off-needs-ebpf';

let served: Served | undefined;
beforeAll(async () => {
  served = await registerOurs(cluster);
});
afterAll(() => removeOurs(cluster, served));

let count = 0;
/** Makes a Shoot, and reads back what is stored if there is one. */
async function create(options: ShootOptions) {
  count += 1;
  const name = `new-${count}`;
  const { status, body, warnings } = await cluster.api('POST', SHOOTS, { body: makeShoot(name, options) });
  const stored = await cluster.api('GET', `${SHOOTS}/${name}`);
  expect(stored.status).toBe(status === 201 ? 200 : 404);
  return {
    status,
    causes: (body.details?.causes ?? []).map((cause: { field: string; message: string }) => [
      cause.field,
      /\[([^\]]+)\]$/.exec(cause.message)?.[1],
    ]),
    warnings: warnings.map((warning) => /\[([^\]]+)\]$/.exec(warning)?.[1]),
    config: stored.body.spec?.networking.providerConfig,
  };
}

interface Rejected extends ShootOptions {
  readonly name: string;
  readonly causes: readonly (readonly [field: string, rule: string])[];
}

const KUBE_PROXY_OFF = { kubeProxy: { enabled: false } };
const VPA_MODE = { autoScaling: { mode: 'vpa' } };

describe('rejected', () => {
  it.each<Rejected>([
    {
      name: 'kube-proxy off',
      kubernetes: KUBE_PROXY_OFF,
      causes: [['spec.kubernetes.kubeProxy.enabled', EBPF]],
    },
    {
      name: 'kube-proxy off, eBPF off',
      kubernetes: KUBE_PROXY_OFF,
      providerConfig: { ebpfDataplane: { enabled: false } },
      causes: [['spec.kubernetes.kubeProxy.enabled', EBPF]],
    },
    {
      name: 'vpa mode with VPA off',
      kubernetes: { verticalPodAutoscaler: { enabled: false } },
      providerConfig: VPA_MODE,
      causes: [[`${CONFIG}.autoScaling.mode`, VPA]],
    },
    {
      name: 'vpa mode with an empty VPA block',
      kubernetes: { verticalPodAutoscaler: {} },
      providerConfig: VPA_MODE,
      causes: [[`${CONFIG}.autoScaling.mode`, VPA]],
    },
    {
      name: 'everything at once',
      kubernetes: { ...KUBE_PROXY_OFF, verticalPodAutoscaler: { enabled: false } },
      providerConfig: { ...VPA_MODE, vethMtu: '1440', overlay: { enabled: 'no' }, backend: 'Bird' },
      causes: [
        ['spec.kubernetes.kubeProxy.enabled', EBPF],
        [`${CONFIG}.autoScaling.mode`, VPA],
        [`${CONFIG}.vethMtu`, 'shoot/unknown-field'],
        [`${CONFIG}.overlay.enabled`, 'shoot/wrong-type'],
        [`${CONFIG}.backend`, 'shoot/backend'],
      ],
    },
    {
      name: 'a number that is no MTU stays a number',
      providerConfig: { vethMTU: -1 },
      causes: [[`${CONFIG}.vethMTU`, 'shoot/wrong-type']],
    },
    {
      name: 'an overlay on Azure',
      provider: 'azure',
      providerConfig: { overlay: { enabled: true } },
      causes: [[`${CONFIG}.overlay.enabled`, 'shoot/provider-overlay']],
    },
    {
      name: "the seed's default ranges on Alibaba Cloud",
      provider: 'alicloud',
      networking: { pods: undefined, services: undefined },
      spec: { seedName: 'alicloud' },
      causes: [
        ['spec.networking.pods', 'shoot/provider-reserved-ranges'],
        ['spec.networking.services', 'shoot/provider-reserved-ranges'],
      ],
    },
    { name: 'no map', providerConfig: 'text', causes: [[CONFIG, 'shoot/wrong-type']] },
    {
      name: 'the configuration of another network',
      providerConfig: {
        apiVersion: 'cilium.networking.extensions.gardener.cloud/v1alpha1',
        kind: 'NetworkConfig',
      },
      causes: [[`${CONFIG}.apiVersion`, 'shoot/wrong-kind']],
    },
  ])('$name', async ({ causes, ...options }) => {
    expect(await create(options)).toEqual({
      status: 422,
      causes,
      warnings: expect.anything(),
      config: undefined,
    });
  });

  it('in the words that we promise, also by way of the aggregation layer and kubectl', async () => {
    const rejected = makeShoot('refused', {
      kubernetes: { ...KUBE_PROXY_OFF, verticalPodAutoscaler: { enabled: false } },
      providerConfig: VPA_MODE,
    });
    const { code, stderr } = await cluster.kubectl(['create', '-f', '-'], {
      input: JSON.stringify(rejected),
    });
    expect(code).toBe(1);
    expect(stderr).toBe(`The Shoot "refused" is invalid: 
* spec.kubernetes.kubeProxy.enabled: kube-proxy can only be off with Calico's eBPF dataplane (got false); set it to true, because networking-calico 1.59 cannot reconcile eBPF without kube-proxy (networking-calico#918) [${EBPF}]
* ${CONFIG}.autoScaling.mode: the Shoot's VPA is not enabled (got "vpa"); set spec.kubernetes.verticalPodAutoscaler.enabled: true, or use another mode [${VPA}]
`);
  });

  // On these clouds /mutate has something to correct besides; the patch would make the API server write the whole
  // configuration anew, and of what came twice only the last would be left for /validate to see.
  it.each(['aws', 'azure', 'local'])(
    'duplicate keys on %s, which only those can send who do not use kubectl',
    async (provider) => {
      const body = JSON.stringify(makeShoot('twice', { provider, providerConfig: '@' })).replace(
        '"@"',
        '{"backend":"bird","typha":{"enabled":true,"enabled":false},"backend":"bird","vethMTU":"1440"}',
      );
      const { status, body: answer } = await cluster.api('POST', SHOOTS, { body });
      expect([status, answer.details?.causes.map(({ field }: { field: string }) => field)]).toEqual([
        422,
        [`${CONFIG}.typha.enabled`, `${CONFIG}.backend`],
      ]);
    },
  );
});

interface Allowed extends ShootOptions {
  readonly name: string;
  /** What is stored. */
  readonly config: unknown;
  readonly warnings?: readonly string[];
}

describe('stored', () => {
  it.each<Allowed>([
    { name: 'AWS', config: { ...TYPE_META, overlay: { enabled: false } } },
    {
      name: 'GCP',
      provider: 'gcp',
      providerConfig: {},
      config: { overlay: { enabled: false }, snatToUpstreamDNS: { enabled: false } },
    },
    { name: 'OpenStack', provider: 'openstack', config: { ...TYPE_META, overlay: { enabled: true } } },
    { name: 'local', provider: 'local', config: undefined },
    { name: 'Azure', provider: 'azure', config: { ...TYPE_META, backend: 'none' } },
    {
      name: 'Azure with bird',
      provider: 'azure',
      providerConfig: { ...TYPE_META, backend: 'bird' },
      config: { ...TYPE_META, backend: 'none' },
      warnings: ['azure-backend'],
    },
    {
      name: 'Azure with None',
      provider: 'azure',
      providerConfig: { backend: 'None' },
      config: { backend: 'none' },
      warnings: ['azure-backend'],
    },
    {
      name: 'Azure with none',
      provider: 'azure',
      providerConfig: { backend: 'none' },
      config: { backend: 'none' },
    },
    {
      name: 'an overlay that is on',
      providerConfig: { overlay: { enabled: true } },
      config: { overlay: { enabled: true } },
    },
    {
      name: 'kube-proxy off with eBPF',
      provider: 'local',
      kubernetes: KUBE_PROXY_OFF,
      providerConfig: { overlay: { enabled: false }, ebpfDataplane: { enabled: true } },
      config: { overlay: { enabled: false }, ebpfDataplane: { enabled: true } },
      warnings: ['shoot/ebpf-kube-proxy-mode'],
    },
    {
      name: "vpa mode with Gardener's default",
      provider: 'local',
      providerConfig: VPA_MODE,
      config: VPA_MODE,
    },
    {
      name: 'vpa mode with VPA on',
      provider: 'local',
      kubernetes: { verticalPodAutoscaler: { enabled: true } },
      providerConfig: VPA_MODE,
      config: VPA_MODE,
    },
    {
      name: 'an MTU without quotes',
      provider: 'local',
      providerConfig: { vethMTU: 1440 },
      config: { vethMTU: '1440' },
      warnings: ['mtu-string'],
    },
    {
      name: 'the configuration of Cilium',
      networking: { type: 'cilium' },
      providerConfig: { anything: 1 },
      config: { anything: 1 },
    },
    {
      name: 'a workerless Shoot with families that the cloud does not carry',
      provider: 'azure',
      spec: {
        credentialsBindingName: undefined,
        provider: { type: 'azure', workers: [] },
        networking: { ipFamilies: ['IPv6'], services: '2001:db8::/112' },
      },
      config: undefined,
    },
    {
      name: 'a workerless Shoot with a range that the cloud keeps for itself',
      provider: 'alicloud',
      spec: {
        credentialsBindingName: undefined,
        provider: { type: 'alicloud', workers: [] },
        networking: { services: '100.64.0.0/13' },
      },
      config: undefined,
    },
    {
      name: 'a workerless Shoot',
      provider: 'azure',
      spec: {
        credentialsBindingName: undefined,
        provider: { type: 'azure', workers: [] },
        networking: undefined,
      },
      config: undefined,
    },
  ])('$name', async ({ name: _name, config, warnings = [], ...options }) => {
    expect(await create(options)).toEqual({ status: 201, causes: [], config, warnings });
  });

  it('the Azure Shoot of the documentation, as soon as its overlay is gone', async () => {
    const sample = JSON.parse(
      readFileSync(`${ROOT}test/samples/07-azure-shoot-from-the-documentation.json`, 'utf8'),
    ).request.object;
    const rejected = await cluster.api('POST', SHOOTS, { body: completeShoot('documented', sample) });
    expect(rejected.status).toBe(422);
    expect(rejected.body.details.causes.map(({ field }: { field: string }) => field)).toEqual([
      `${CONFIG}.overlay.enabled`,
    ]);
    const { overlay, ...providerConfig } = sample.spec.networking.providerConfig;
    const networking = { ...sample.spec.networking, providerConfig };
    const mended = completeShoot('documented', { spec: { ...sample.spec, networking } });
    const stored = await cluster.api('POST', SHOOTS, { body: mended });
    expect(overlay).toEqual({ enabled: true });
    expect(stored.status).toBe(201);
    expect(stored.body.spec.networking.providerConfig).toEqual({
      ...providerConfig,
      backend: 'none',
      vethMTU: '1440',
    });
  });
});

describe('what Gardener rejects itself', () => {
  it('comes from Gardener: a Shoot without a type of network never gets to our rules', async () => {
    const { status, body } = await cluster.api('POST', SHOOTS, {
      body: makeShoot('typeless', { networking: { type: undefined }, kubernetes: KUBE_PROXY_OFF }),
    });
    expect(status).toBe(422);
    expect(body.message).toContain('spec.networking.type: Required value');
    expect(body.message).not.toContain('shoot/');
  });
});

describe('a webhook that is called after ours', () => {
  it('and changes the backend again: our webhook is called again', async () => {
    const patch = [
      { op: 'add', path: '/spec/networking/providerConfig', value: { backend: 'bird', vethMTU: 1440 } },
    ];
    const other = await startRecorder(cluster, patch);
    try {
      const { status, config, warnings } = await create({
        provider: 'azure',
        providerConfig: { backend: 'none' },
      });
      expect({ status, config }).toEqual({ status: 201, config: { backend: 'none', vethMTU: '1440' } });
      expect(warnings).toEqual(['azure-backend', 'mtu-string']);
    } finally {
      await other.remove();
    }
  });
});

describe('what other components read', () => {
  it("audit annotations in the audit log of Gardener's API server", async () => {
    const { status } = await cluster.api('POST', SHOOTS, {
      body: makeShoot('audited', {
        provider: 'azure',
        providerConfig: { backend: 'bird', ebpfDataplane: { enabled: true } },
      }),
    });
    expect(status).toBe(201);
    const gardener = openCluster({ ...garden.cluster, auditLog: garden.gardener.auditLog });
    const written = gardener
      .audit()
      .filter(({ verb, objectRef }) => verb === 'create' && objectRef?.name === 'audited')
      .flatMap(({ annotations }) => Object.entries(annotations ?? {}));
    expect(Object.fromEntries(written.filter(([key]) => key.includes('calico-admission')))).toEqual({
      'mutate.calico-admission.gardener.cloud/mutations-applied': 'azure-backend',
      'mutate.calico-admission.gardener.cloud/rules-fired': 'azure-backend',
      'validate.calico-admission.gardener.cloud/audit-findings': expect.stringContaining(
        `${CONFIG}.ebpfDataplane.enabled: eBPF with accelerated networking`,
      ),
      'validate.calico-admission.gardener.cloud/rules-fired':
        'shoot/ebpf-with-kube-proxy,shoot/ebpf-azure-accelerated-networking',
    });
    // kube-apiserver passes the request on and knows nothing of us.
    const passedOn = cluster.audit().filter(({ objectRef }) => objectRef?.resource === 'shoots');
    expect(passedOn.length).toBeGreaterThan(0);
    expect(passedOn.flatMap(({ annotations }) => Object.keys(annotations ?? {})).join()).not.toContain(
      'calico',
    );
  });

  it('nothing is stored by a dry run, which answers the same', async () => {
    const input = JSON.stringify(makeShoot('dry', { provider: 'azure' }));
    const args = [`--namespace=${NAMESPACE}`, 'create', '--dry-run=server', '--output=json', '-f', '-'];
    const answer = JSON.parse(await cluster.kubectlOk(args, { input }));
    expect(answer.spec.networking.providerConfig).toEqual({ ...TYPE_META, backend: 'none' });
    expect((await cluster.api('GET', `${SHOOTS}/dry`)).status).toBe(404);
  });
});
