import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { formatCidr } from '../../src/formats/cidr.ts';
import { formatPath } from '../../src/policy/field-path.ts';
import { createKopsClusterTarget } from '../../src/targets/kops-cluster.ts';
import { createKopsInstanceGroupTarget } from '../../src/targets/kops-instance-group.ts';
import { registry } from '../support/registry.ts';
import { loadSchema } from '../support/schemas.ts';
import { request, update } from './targets.ts';

const target = createKopsClusterTarget();
const groups = createKopsInstanceGroupTarget();
function clusterOf(spec: object, apiVersion: string | undefined = 'kops.k8s.io/v1alpha2'): object {
  return { ...(apiVersion && { apiVersion }), kind: 'Cluster', metadata: { name: 'c.example.com' }, spec };
}

function read(spec: object, apiVersion?: string) {
  return target.read(request(clusterOf(spec, apiVersion)), 'validate');
}

const calico = { networking: { calico: {} } };

describe('which Clusters are ours', () => {
  it.each([
    { name: 'an empty map', networking: { calico: {} }, isOurs: true },
    { name: 'settings', networking: { calico: { mtu: 1440 } }, isOurs: true },
    { name: 'no map at all, which kOps cannot read', networking: { calico: true }, isOurs: true },
    { name: 'null', networking: { calico: null }, isOurs: false },
    { name: 'another plugin', networking: { cilium: {} }, isOurs: false },
    { name: 'nothing', networking: {}, isOurs: false },
    { name: 'networking null', networking: null, isOurs: false },
    { name: 'networking a word', networking: 'calico', isOurs: false },
    { name: 'networking a list', networking: [{ calico: {} }], isOurs: false },
  ])('$name: $isOurs', ({ networking, isOurs }) => {
    expect(read({ cloudProvider: 'aws', networking }) !== undefined).toBe(isOurs);
  });

  it.each([
    { apiVersion: 'kops.k8s.io/v1alpha2', id: 'kops' },
    { apiVersion: 'kops.k8s.io/v1alpha3', id: 'kops' },
    { apiVersion: 'kops/v1alpha2', id: 'kops' },
    { apiVersion: 'cluster.x-k8s.io/v1beta1', id: undefined },
  ])('the kind Cluster of $apiVersion', ({ apiVersion, id }) => {
    const [group] = apiVersion.split('/');
    expect(registry.find(group, 'Cluster')?.target.id).toBe(id);
  });

  it('leaves one that is being deleted, or that does not change, alone', () => {
    const cluster = clusterOf({ cloudProvider: 'aws', ...calico });
    const deleting = { ...cluster, metadata: { name: 'c', deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect(target.read(update(deleting, cluster), 'validate')).toBeUndefined();
    const labelled = { ...cluster, metadata: { name: 'c', labels: { a: 'b' } } };
    expect(target.read(update(labelled, cluster), 'validate')).toBeUndefined();
    expect(
      target.read(update(clusterOf({ ...calico, podCIDR: 'x' }), cluster), 'validate')?.old,
    ).toBeDefined();
  });
});

describe('one view of two versions', () => {
  it.each([
    { apiVersion: 'kops.k8s.io/v1alpha2', version: 'v1alpha2', path: 'spec.podCIDR' },
    { apiVersion: 'kops/v1alpha2', version: 'v1alpha2', path: 'spec.podCIDR' },
    { apiVersion: 'kops.k8s.io/v1alpha3', version: 'v1alpha3', path: 'spec.networking.podCIDR' },
  ])('ranges of $apiVersion', ({ apiVersion, version, path }) => {
    const ranges = { nonMasqueradeCIDR: '10.0.0.0/8', podCIDR: '10.1.0.0/16' };
    const cluster = read(
      { ...(version === 'v1alpha2' && ranges), networking: { calico: {}, ...ranges } },
      apiVersion,
    );
    expect(cluster?.version).toBe(version);
    expect(formatPath(cluster?.ranges.pod.path ?? [])).toBe(path);
    expect(cluster?.ranges.pod.value).toBe('10.1.0.0/16');
  });

  it.each([
    { cloudProvider: 'aws', cloud: 'aws' },
    { cloudProvider: { aws: {} }, cloud: 'aws' },
    { cloudProvider: { gce: { project: 'p' } }, cloud: 'gce' },
    { cloudProvider: { gce: null, do: {} }, cloud: 'do' },
    { cloudProvider: 'digitalocean', cloud: 'do' },
    // Names of the other version, and values that kOps does not have: denied by a rule, but their meaning is clear.
    { cloudProvider: 'do', cloud: 'do' },
    { cloudProvider: { digitalocean: {} }, cloud: 'do' },
    { cloudProvider: 'metal', cloud: 'metal' },
    { cloudProvider: { metal: {} }, cloud: 'metal' },
    { cloudProvider: 'AWS', cloud: undefined },
    { cloudProvider: { aws: null }, cloud: undefined },
    { cloudProvider: ['aws'], cloud: undefined },
    { cloudProvider: undefined, cloud: undefined },
  ])('the cloud of $cloudProvider', ({ cloudProvider, cloud }) => {
    expect(read({ cloudProvider, ...calico })?.cloud).toBe(cloud);
  });

  it('metal by the label that kOps gives it, before all else', () => {
    const labels = { 'alpha.kops.k8s.io/cloud': 'metal' };
    const labelled = { kind: 'Cluster', metadata: { labels }, spec: { cloudProvider: 'aws', ...calico } };
    expect(target.read(request(labelled), 'validate')?.cloud).toBe('metal');
  });

  it('reads the version from the cloud where apiVersion is missing', () => {
    const versionOf = (cloudProvider: unknown) =>
      target.read(request({ kind: 'Cluster', spec: { cloudProvider, ...calico } }), 'validate')?.version;
    expect(versionOf('aws')).toBe('v1alpha2');
    expect(versionOf({ aws: {} })).toBe('v1alpha3');
  });
});

describe("kOps' defaults", () => {
  const IPV4 = '100.64.0.0/10';
  const IPV6 = '::/0';
  it.each([
    { cloud: 'aws', all: IPV4, calico: {}, modes: ['ipip', 'CrossSubnet', 'Never'] },
    { cloud: 'aws', all: undefined, calico: {}, modes: ['ipip', 'CrossSubnet', 'Never'] },
    {
      cloud: 'aws',
      all: IPV4,
      calico: { encapsulationMode: 'vxlan' },
      modes: ['vxlan', 'Never', 'CrossSubnet'],
    },
    { cloud: 'aws', all: IPV6, calico: {}, modes: ['none', 'Never', 'Never'] },
    { cloud: 'openstack', all: IPV4, calico: {}, modes: ['ipip', 'Always', 'Never'] },
    { cloud: 'azure', all: IPV4, calico: {}, modes: ['vxlan', 'Never', 'Always'] },
    { cloud: 'azure', all: IPV6, calico: {}, modes: ['vxlan', 'Never', 'Always'] },
    {
      cloud: 'azure',
      all: IPV4,
      calico: { vxlanMode: 'CrossSubnet' },
      modes: ['vxlan', 'Never', 'CrossSubnet'],
    },
    { cloud: 'aws', all: IPV4, calico: { ipipMode: '' }, modes: ['ipip', 'CrossSubnet', 'Never'] },
    { cloud: 'aws', all: IPV4, calico: { encapsulationMode: 'VXLAN' }, modes: ['VXLAN', 'Never', 'Never'] },
  ])('$cloud, $all, $calico: $modes', ({ cloud, all, calico, modes }) => {
    const input = read({ cloudProvider: cloud, nonMasqueradeCIDR: all, networking: { calico } });
    expect([input?.encapsulation, input?.ipipMode, input?.vxlanMode]).toEqual(modes);
    expect(input?.isIpv6).toBe(all === IPV6);
  });

  it.each([
    { ranges: { nonMasqueradeCIDR: IPV4 }, pods: '100.96.0.0/11', services: '100.64.0.0/13' },
    { ranges: { nonMasqueradeCIDR: '10.0.0.0/8' }, pods: '10.128.0.0/9', services: '100.64.0.0/13' },
    {
      ranges: { nonMasqueradeCIDR: IPV4, podCIDR: '100.112.0.0/12' },
      pods: '100.112.0.0/12',
      services: '100.64.0.0/13',
    },
    {
      ranges: { nonMasqueradeCIDR: IPV4, serviceClusterIPRange: 'x' },
      pods: '100.96.0.0/11',
      services: undefined,
    },
    { ranges: { nonMasqueradeCIDR: IPV4, podCIDR: 'x' }, pods: undefined, services: '100.64.0.0/13' },
    { ranges: { nonMasqueradeCIDR: '10.0.0.1/32' }, pods: undefined, services: '100.64.0.0/13' },
    { ranges: { nonMasqueradeCIDR: IPV6 }, pods: undefined, services: undefined },
    { ranges: {}, pods: undefined, services: undefined },
  ])('$ranges: pods $pods, services $services', ({ ranges, pods, services }) => {
    const input = read({ cloudProvider: 'aws', ...ranges, ...calico });
    expect(input?.podRange && formatCidr(input.podRange)).toBe(pods);
    expect(input?.serviceRange && formatCidr(input.serviceRange)).toBe(services);
  });
});

describe('the facts for rules across documents', () => {
  const say = (spec: object) => {
    const input = read(spec);
    return input === undefined ? [] : [...(target.listFacts?.(input) ?? [])];
  };

  it('of a Cluster', () => {
    expect(say({ cloudProvider: 'gce', networking: { calico: { wireguardEnabled: true } } })).toEqual([
      { about: 'cloud', path: ['spec', 'cloudProvider'], cloud: 'gcp' },
      {
        about: 'kops-cluster',
        path: ['spec', 'networking', 'calico'],
        cluster: 'c.example.com',
        typhaReplicas: 0,
        usesMesh: true,
        wireguard: true,
      },
    ]);
    expect(say({ networking: { calico: { encapsulationMode: 'vxlan', typhaReplicas: 3 } } })).toEqual([
      expect.objectContaining({ about: 'kops-cluster', usesMesh: false, typhaReplicas: 3 }),
    ]);
  });

  const group = (spec: object, labels: unknown = { 'kops.k8s.io/cluster': 'c.example.com' }) => {
    const object = { apiVersion: 'kops.k8s.io/v1alpha2', kind: 'InstanceGroup', metadata: { labels }, spec };
    const input = groups.read(request(object), 'validate');
    return input === undefined ? [] : [...(groups.listFacts?.(input) ?? [])];
  };

  it.each([
    { spec: { role: 'Node', minSize: 3, maxSize: 9 }, sizes: [3, 9] },
    { spec: { role: 'Node' }, sizes: [2, 2] },
    { spec: { role: 'Node', minSize: 7 }, sizes: [7, 7] },
    { spec: { role: 'Node', minSize: '7', maxSize: 1.5 }, sizes: [2, 2] },
    { spec: { role: 'Node', maxSize: 1e300 }, sizes: [2, 2] },
  ])('of the InstanceGroup $spec', ({ spec, sizes }) => {
    expect(group(spec)).toEqual([
      {
        about: 'instance-group',
        path: ['spec'],
        cluster: 'c.example.com',
        minSize: sizes[0],
        maxSize: sizes[1],
        image: undefined,
      },
    ]);
  });

  it('of no other InstanceGroup', () => {
    expect(group({ role: 'Master', maxSize: 9 })).toEqual([]);
    expect(group({ role: 'Node', maxSize: 9 }, {})).toEqual([]);
    expect(group({ role: 'Node', maxSize: 9 }, null)).toEqual([]);
  });
});

describe('the schemas', () => {
  it.each(['kops-cluster', 'kops-calico'] as const)('%s is one, of the draft that it names', (name) => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true });
    expect(ajv.validateSchema(loadSchema(name)), JSON.stringify(ajv.errors)).toBe(true);
  });

  it('have everything that kOps has', () => {
    const everything = Object.keys(Object(loadSchema('kops-calico')['properties']));
    const input = read({
      cloudProvider: 'aws',
      networking: { calico: Object.fromEntries(everything.map((name) => [name, null])) },
    });
    expect(everything).toHaveLength(29);
    expect(input?.shape).toEqual([]);
  });
});
