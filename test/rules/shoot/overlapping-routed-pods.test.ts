import { describe, expect, it } from 'vitest';
import { renderMessage } from '../../../src/policy/message.ts';
import { evaluateDocuments } from '../../support/bundle.ts';
import { findAll } from '../../support/found.ts';
import { registry } from '../../support/registry.ts';

const ID = 'shoot/overlapping-routed-pods';
const PATH = 'spec.networking.pods';

interface Written {
  readonly name?: string;
  readonly namespace?: string;
  readonly provider?: string;
  readonly networks?: unknown;
  readonly pods?: string | undefined;
  readonly config?: object;
  readonly binding?: string;
  readonly networking?: object;
}

const off = { overlay: { enabled: false, createPodRoutes: true } };
const router = { router: { id: 'router-1' } };

function shoot(written: Written): object {
  const { name = 'one', namespace = 'garden-dev', provider = 'openstack', networks = router } = written;
  const { pods = '10.96.0.0/16', config = off, binding, networking = {} } = written;
  return {
    apiVersion: 'core.gardener.cloud/v1beta1',
    kind: 'Shoot',
    metadata: { name, namespace },
    spec: {
      region: 'eu-1',
      ...(binding !== undefined && { credentialsBindingName: binding }),
      kubernetes: { version: '1.34.0', verticalPodAutoscaler: { enabled: true } },
      provider: {
        type: provider,
        infrastructureConfig: { networks },
        workers: [{ name: 'worker', minimum: 1, maximum: 2 }],
      },
      networking: {
        type: 'calico',
        nodes: '10.250.0.0/16',
        services: '10.64.0.0/16',
        ...(written.pods !== undefined || !('pods' in written) ? { pods } : {}),
        providerConfig: config,
        ...networking,
      },
    },
  };
}

function reported(...documents: readonly object[]): string[] {
  return findAll(registry, documents).filter((each) => each.includes(ID));
}

const both = [`0 warn ${ID} ${PATH}`, `1 warn ${ID} ${PATH}`];
const vnet = { vnet: { name: 'vnet', resourceGroup: 'group' } };

describe(ID, () => {
  it.each([
    { name: 'the same range', one: {}, two: {}, found: both },
    { name: 'a range within the other', one: {}, two: { pods: '10.96.128.0/17' }, found: both },
    { name: 'ranges of their own', one: {}, two: { pods: '10.97.0.0/16' }, found: [] },
    { name: 'another router', one: {}, two: { networks: { router: { id: 'router-2' } } }, found: [] },
    { name: 'routers that Gardener makes', one: { networks: {} }, two: { networks: {} }, found: [] },
    { name: 'infrastructure without networks', one: { networks: null }, two: { networks: 7 }, found: [] },
    { name: 'an overlay in one', one: {}, two: { config: { overlay: { enabled: true } } }, found: [] },
    { name: 'an overlay by default', one: { config: {} }, two: { config: {} }, found: [] },
    {
      name: 'the range of Gardener in both',
      one: { pods: undefined },
      two: { pods: undefined },
      found: both,
    },
    { name: 'no range', one: { pods: 'x' }, two: { pods: 'x' }, found: [] },
    {
      name: 'the network and the router in common are one mistake',
      one: { networks: { id: 'network-1', router: { id: 'router-1' } } },
      two: { networks: { id: 'network-1', router: { id: 'router-1' } } },
      found: both,
    },
    {
      name: 'the network in common',
      one: { networks: { id: 'network-1', router: { id: 'a' } } },
      two: { networks: { id: 'network-1', router: { id: 'b' } } },
      found: both,
    },
    ...[
      { provider: 'aws', networks: { vpc: { id: 'vpc-1' } } },
      { provider: 'alicloud', networks: { vpc: { id: 'vpc-1' } } },
      { provider: 'gcp', networks: { vpc: { name: 'vpc' } } },
      { provider: 'azure', networks: vnet },
    ].map((one) => ({ name: `a network of ${one.provider}`, one, two: one, found: both })),
    ...[
      { provider: 'aws', networks: { vpc: { cidr: '10.250.0.0/16' } } },
      { provider: 'azure', networks: { vnet: { cidr: '10.250.0.0/16' } } },
      { provider: 'azure', networks: { vnet: { name: 'vnet' } } },
      { provider: 'local', networks: { vpc: { id: 'vpc-1' } } },
    ].map((one) => ({ name: `${JSON.stringify(one)} belongs to one network`, one, two: one, found: [] })),
    {
      name: 'names of VPCs count within an account',
      one: { provider: 'gcp', networks: { vpc: { name: 'default' } }, binding: 'a' },
      two: { provider: 'gcp', networks: { vpc: { name: 'default' } }, binding: 'b' },
      found: [],
    },
    {
      name: 'ids of VPCs count everywhere',
      one: { provider: 'aws', networks: { vpc: { id: 'vpc-1' } }, binding: 'a' },
      two: { provider: 'aws', networks: { vpc: { id: 'vpc-1' } }, binding: 'b', namespace: 'garden-prod' },
      found: both,
    },
    { name: 'the same Shoot twice', one: {}, two: { name: 'one' }, found: [] },
    {
      name: 'the same name in another project',
      one: {},
      two: { name: 'one', namespace: 'garden-a' },
      found: both,
    },
  ])('$name', ({ one, two, found }) => {
    expect(reported(shoot(one), shoot({ name: 'two', ...two }))).toEqual(found);
    expect(reported(shoot({ name: 'two', ...two }), shoot(one))).toEqual(found);
  });

  it('finds every one of several', () => {
    const shoots = ['10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16', '11.0.0.0/16', '11.0.0.0/17'].map(
      (pods, index) => shoot({ name: `shoot-${index}`, pods }),
    );
    expect(reported(...shoots)).toEqual([0, 1, 2, 3, 4].map((index) => `${index} warn ${ID} ${PATH}`));
  });

  it('names the other one', () => {
    const found = evaluateDocuments(registry, [shoot({}), shoot({ name: 'two' })]).filter(
      ({ rule }) => rule === ID,
    );
    expect(found.map(renderMessage)).toEqual([
      'overlaps the pods, routed in the same network, of Shoot "one" (got "10.96.0.0/16"); use another range',
      'overlaps the pods, routed in the same network, of Shoot "two" (got "10.96.0.0/16"); use another range',
    ]);
  });
});

describe('the cloud that others ask for', () => {
  it.each([
    { document: shoot({ provider: 'azure' }), cloud: 'azure' },
    ...[
      ['AKS', 'azure'],
      ['EKS', 'aws'],
      ['GKE', 'gcp'],
      ['OpenShift', undefined],
    ].map(([kubernetesProvider, cloud]) => ({
      document: { apiVersion: 'operator.tigera.io/v1', kind: 'Installation', spec: { kubernetesProvider } },
      cloud,
    })),
  ])('$cloud', ({ document, cloud }) => {
    const policy = registry.policies.find(({ target }) => target.kind === Reflect.get(document, 'kind'));
    const facts = policy?.readFacts({
      operation: 'CREATE',
      object: document,
      old: undefined,
      pathProvider: undefined,
      duplicates: () => [],
    });
    const clouds = facts?.filter((each) => each.about === 'cloud').map((each) => each.cloud);
    expect(clouds).toEqual(cloud === undefined ? [] : [cloud]);
  });
});
