import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMap } from '../../../src/policy/json.ts';
import { loadRegistry } from '../../../src/registry.ts';
import { anyText } from '../../support/any-text.ts';
import { evaluateDocuments } from '../../support/bundle.ts';
import { validate } from '../../support/evaluate.ts';
import { expectForm } from '../../support/message.ts';
import { loadSchema } from '../../support/schemas.ts';

// Installations, kubeadm's configurations and Calico's manifests: alone as they come to the webhook, and together.

const registry = loadRegistry();
const RUNS = { numRuns: 60 };

function evaluate(object: object, old?: object): void {
  const outcome = validate(registry, old === undefined ? { object } : { object, old });
  expect(outcome.faults).toEqual([]);
  for (const each of outcome.findings) expectForm(each);
}

const RANGE = fc.oneof(
  fc
    .tuple(fc.oneof(fc.ipV4Extended(), fc.ipV6()), fc.integer({ min: -1, max: 130 }))
    .map((each) => each.join('/')),
  fc.constantFrom(
    '10.96.0.0/12',
    '10.0.0.0/8',
    'fd00::/48',
    '::/0',
    'none',
    '10.0.0.0/8, fd00::/48',
    '10.96.1.1',
  ),
);
const WORD = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      'default',
      'Calico',
      'AmazonVPC',
      'HostLocal',
      'EKS',
      'AKS',
      'BPF',
      'VPP',
      'HNS',
      'Enabled',
      'Disabled',
    ],
    ...[
      'IPIP',
      'VXLANCrossSubnet',
      'None',
      'BIRD',
      'Felix',
      'LoadBalancer',
      'all()',
      'global()',
      '100Mi',
      '1M',
    ],
    ...['true', 'always', 'Sometimes', 'vxlan', 'calico-typha', 'interface=(', 'cidr=x', 'ipvs', '-1', '33'],
  ),
  anyText(300),
);
const NUMBER = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-1, 0, 1279, 26, 2 ** 31, 1e300));
const VALUE = fc.oneof(WORD, RANGE, NUMBER, fc.boolean(), fc.jsonValue({ maxDepth: 2 }));

/** A map in which any field may be missing, and any field may be anything. */
function map(names: readonly string[], likely: fc.Arbitrary<unknown> = VALUE): fc.Arbitrary<object> {
  const fields = names.map((name) => [name, fc.oneof({ weight: 4, arbitrary: likely }, VALUE)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
}

function namesOf(...path: readonly string[]): string[] {
  const schema = readMap(
    loadSchema('installation'),
    ...path.flatMap((step) => ['properties', step]),
    'properties',
  );
  return Object.keys(schema ?? {});
}

const POOL = map([
  ...['name', 'cidr', 'encapsulation', 'natOutgoing', 'nodeSelector', 'blockSize', 'disableBGPExport'],
  ...['allowedUses', 'assignmentMode'],
]);
const NETWORK = fc
  .tuple(
    map(namesOf('spec', 'calicoNetwork')),
    map(['ipPools'], fc.array(fc.oneof(POOL, VALUE), { maxLength: 4 })),
    map(
      ['nodeAddressAutodetectionV4', 'nodeAddressAutodetectionV6'],
      map(['firstFound', 'kubernetes', 'interface', 'skipInterface', 'canReach', 'cidrs']),
    ),
    map(['linuxDataplane'], fc.constantFrom('BPF', 'VPP')),
  )
  .map((parts): object => Object.assign({}, ...parts));
const SPEC = fc
  .tuple(
    map(namesOf('spec')),
    map(['cni'], map(['type', 'ipam', 'specVersion'], fc.oneof(WORD, map(['type'], WORD)))),
    map(['calicoNetwork'], NETWORK),
    map(['logging'], map(['cni'], map(['logFileMaxSize', 'logFileMaxCount', 'logFileMaxAgeDays']))),
    map(['serviceCIDRs'], fc.array(fc.oneof(RANGE, VALUE), { maxLength: 3 })),
  )
  .map((parts): object => Object.assign({}, ...parts));
const INSTALLATION = map(['spec', 'metadata'], fc.oneof(SPEC, map(['name']))).map((body): object => ({
  apiVersion: 'operator.tigera.io/v1',
  kind: 'Installation',
  ...body,
}));

const VARIABLE = fc.constantFrom(
  ...['CALICO_IPV4POOL_CIDR', 'CALICO_IPV6POOL_CIDR', 'CALICO_IPV4POOL_IPIP', 'CALICO_IPV4POOL_VXLAN'],
  ...['CALICO_IPV4POOL_BLOCK_SIZE', 'CALICO_IPV4POOL_NODE_SELECTOR', 'NO_DEFAULT_POOLS', 'IP'],
  ...[
    'IP_AUTODETECTION_METHOD',
    'CALICO_NETWORKING_BACKEND',
    'FELIX_BPFENABLED',
    'FELIX_TYPHAK8SSERVICENAME',
  ],
);
const ENV = fc.array(
  fc.oneof(fc.record({ name: VARIABLE, value: VALUE }, { requiredKeys: ['name'] }), VALUE),
  { maxLength: 8 },
);
const DAEMON_SET = map(['image', 'env'], ENV).map((container): object => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'calico-node', namespace: 'kube-system' },
  spec: { template: { spec: { containers: [{ name: 'calico-node', ...container }] } } },
}));
const CONFIG_MAP = fc
  .tuple(
    fc.constantFrom('calico-config', 'kubeadm-config', 'kubernetes-services-endpoint'),
    map(['calico_backend', 'veth_mtu', 'typha_service_name', 'ClusterConfiguration']),
  )
  .map(([name, data]): object => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: name.startsWith('kubernetes') ? 'tigera-operator' : 'kube-system' },
    data,
  }));
const API = fc.constantFrom('kubeadm.k8s.io/v1beta4', 'kubeadm.k8s.io/v1beta3', 'kubeadm.k8s.io/v9');
const KUBEADM = fc
  .tuple(
    API,
    fc.constantFrom('ClusterConfiguration', 'InitConfiguration', 'JoinConfiguration'),
    map(['networking'], map(['podSubnet', 'serviceSubnet', 'dnsDomain', 'podCIDR'], RANGE)),
    map(['proxy'], map(['disabled'], fc.boolean())),
    map(['controlPlaneEndpoint']),
    map(
      ['localAPIEndpoint', 'controlPlane', 'nodeRegistration'],
      map(['advertiseAddress', 'kubeletExtraArgs']),
    ),
    map(['skipPhases'], fc.array(fc.oneof(fc.constant('addon/kube-proxy'), VALUE), { maxLength: 2 })),
  )
  .map(([apiVersion, kind, ...parts]): object => Object.assign({ apiVersion, kind }, ...parts));
const KUBE_PROXY = map(['clusterCIDR', 'mode', 'detectLocalMode']).map((body): object => ({
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  kind: 'KubeProxyConfiguration',
  ...body,
}));
const TYPHA = map(['replicas']).map((spec): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'calico-typha' },
  spec,
}));
const ANY = fc.oneof(INSTALLATION, DAEMON_SET, CONFIG_MAP, KUBEADM, KUBE_PROXY, TYPHA);

const KINDS = [
  { kind: 'Installation' },
  { kind: 'ClusterConfiguration' },
  { kind: 'InitConfiguration' },
  { kind: 'JoinConfiguration' },
  { kind: 'KubeProxyConfiguration' },
  { kind: 'DaemonSet', metadata: { name: 'calico-node' } },
  { kind: 'ConfigMap', metadata: { name: 'calico-config' } },
  { kind: 'ConfigMap', metadata: { name: 'kubeadm-config' } },
  { kind: 'Deployment', metadata: { name: 'calico-typha' } },
];

describe('any facts of a cluster', () => {
  it.each(KINDS)('any JSON in $kind $metadata', (kind) => {
    const body = fc.record({
      spec: fc.jsonValue(),
      data: fc.jsonValue(),
      networking: fc.jsonValue(),
      localAPIEndpoint: fc.jsonValue(),
      controlPlane: fc.jsonValue(),
      nodeRegistration: fc.jsonValue(),
      skipPhases: fc.jsonValue(),
      proxy: fc.jsonValue(),
      clusterCIDR: fc.jsonValue(),
    });
    fc.assert(
      fc.property(body, (fields) => evaluate({ ...fields, ...kind })),
      RUNS,
    );
  });

  it('known fields with any value', () => {
    fc.assert(
      fc.property(ANY, (object) => evaluate(object)),
      { numRuns: 250 },
    );
  });

  it('an update of an Installation from anything to anything', () => {
    fc.assert(fc.property(INSTALLATION, INSTALLATION, evaluate), RUNS);
  });

  it('several documents together', () => {
    const property = fc.property(fc.array(ANY, { maxLength: 6 }), (objects) => {
      for (const each of evaluateDocuments(registry, objects)) expectForm(each);
    });
    fc.assert(property, RUNS);
  });
});
