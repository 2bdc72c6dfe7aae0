import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadRegistry } from '../../../src/registry.ts';
import { anyText } from '../../support/any-text.ts';
import { evaluateDocuments } from '../../support/bundle.ts';
import { validate } from '../../support/evaluate.ts';
import { expectForm } from '../../support/message.ts';
import { loadSchema } from '../../support/schemas.ts';

const registry = loadRegistry();
const RUNS = { numRuns: 150 };

function expectMessages(findings: ReturnType<typeof validate>['findings']): void {
  for (const each of findings) expectForm(each);
}

function evaluate(object: object, old?: object): void {
  const outcome = validate(registry, old === undefined ? { object } : { object, old });
  expect(outcome.faults).toEqual([]);
  expectMessages(outcome.findings);
}

const RANGE = fc.oneof(
  fc
    .tuple(fc.oneof(fc.ipV4Extended(), fc.ipV6()), fc.integer({ min: -1, max: 130 }))
    .map((each) => each.join('/')),
  fc.constantFrom('::/0', '100.64.0.0/10', '0.0.0.0/0', ''),
  fc.string(),
);
const WORD = fc.oneof(
  fc.constantFrom(
    '',
    'ipip',
    'vxlan',
    'none',
    'Always',
    'CrossSubnet',
    'Never',
    'Disable',
    'DSR',
    'Debug',
    'nft',
  ),
  fc
    .tuple(
      fc.constantFrom('first-found', 'can-reach=', 'interface=', 'skip-interface=', 'cidr='),
      fc.oneof(RANGE, fc.ipV4(), anyText(200)),
    )
    .map((each) => each.join('')),
  anyText(300),
);
const NUMBER = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -1, 1279, 8981, 65_536, 1e300));
const VALUE = fc.oneof(WORD, NUMBER, fc.boolean(), RANGE, fc.jsonValue({ maxDepth: 2 }));

/** A map in which any field may be missing, and any field may be anything. */
function map(names: readonly string[], likely: fc.Arbitrary<unknown> = VALUE): fc.Arbitrary<object> {
  const fields = names.map((name) => [name, fc.oneof({ weight: 4, arbitrary: likely }, VALUE)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
}

const CALICO = map(Object.keys(Object(loadSchema('kops-calico')['properties'])));
const RANGES = ['networkCIDR', 'nonMasqueradeCIDR', 'podCIDR', 'serviceClusterIPRange', 'networkID'];
const NETWORKING = fc
  .tuple(
    map(RANGES, RANGE),
    map(['calico'], CALICO),
    map(['cilium', 'kubenet', 'weave', 'canal'], fc.constant({})),
    map(['additionalNetworkCIDRs'], fc.array(fc.oneof(RANGE, VALUE), { maxLength: 3 })),
    map(['subnets'], fc.array(map(['cidr'], RANGE), { maxLength: 3 })),
  )
  .map((parts): object => Object.assign({}, ...parts));
const SPEC = fc
  .tuple(
    NETWORKING,
    map(['networking'], NETWORKING),
    map(
      ['cloudProvider'],
      fc.constantFrom('aws', 'azure', 'gce', 'openstack', { aws: {} }, { azure: {}, gce: {} }),
    ),
    map(['kubeProxy'], map(['enabled'], fc.boolean())),
    map(['kubeControllerManager'], map(['clusterCIDR'], RANGE)),
    map(['kubernetesVersion'], fc.constantFrom('1.15.0', 'v1.34.0')),
  )
  .map((parts): object => Object.assign({}, ...parts));
const API = fc.constantFrom(
  'kops.k8s.io/v1alpha2',
  'kops.k8s.io/v1alpha3',
  'kops.k8s.io/v9',
  'kops/v1alpha2',
);
const CLUSTER = fc.tuple(API, SPEC).map(([apiVersion, spec]) => ({
  apiVersion,
  kind: 'Cluster',
  metadata: { name: 'c.example.com' },
  spec,
}));
const GROUP = fc
  .tuple(
    API,
    VALUE,
    map(['role', 'minSize', 'maxSize', 'image'], fc.oneof(fc.constant('Node'), NUMBER, WORD)),
  )
  .map(([apiVersion, name, spec]) => ({
    apiVersion,
    kind: 'InstanceGroup',
    metadata: { name, labels: { 'kops.k8s.io/cluster': 'c.example.com' } },
    spec,
  }));

describe('any content of a kOps Cluster', () => {
  it('any JSON as spec', () => {
    const property = fc.property(fc.jsonValue(), (spec) =>
      evaluate({ apiVersion: 'kops.k8s.io/v1alpha2', kind: 'Cluster', spec }),
    );
    fc.assert(property, RUNS);
  });

  it('any JSON as spec.networking.calico', () => {
    const property = fc.property(API, fc.jsonValue(), (apiVersion, calico) =>
      evaluate({ apiVersion, kind: 'Cluster', spec: { cloudProvider: 'aws', networking: { calico } } }),
    );
    fc.assert(property, RUNS);
  });

  it('known fields with any value', () => {
    fc.assert(
      fc.property(CLUSTER, (cluster) => evaluate(cluster)),
      RUNS,
    );
  });

  it('an update from anything to anything', () => {
    fc.assert(fc.property(CLUSTER, CLUSTER, evaluate), RUNS);
  });

  it('beside InstanceGroups of any kind', () => {
    const property = fc.property(CLUSTER, fc.array(GROUP, { maxLength: 3 }), (cluster, groups) =>
      expectMessages(evaluateDocuments(registry, [cluster, ...groups])),
    );
    fc.assert(property, RUNS);
  });
});
