import { describe, expect, it } from 'vitest';
import type { EvaluationRequest } from '../../src/policy/types.ts';
import { registry } from '../support/registry.ts';

function request(kind: string, spec: unknown, apiVersion = 'projectcalico.org/v3'): EvaluationRequest {
  return {
    operation: 'CREATE',
    object: { apiVersion, kind, metadata: { name: 'default' }, spec },
    old: undefined,
    pathProvider: undefined,
    duplicates: () => [],
  };
}

function state(kind: string, spec: unknown) {
  const policy = registry.find('projectcalico.org', kind);
  if (policy === undefined) throw new Error(`no policy for ${kind}`);
  return policy.readFacts(request(kind, spec));
}

describe("Calico's resources", () => {
  it.each([
    ['IPPool', 'ippools'],
    ['FelixConfiguration', 'felixconfigurations'],
    ['BGPConfiguration', 'bgpconfigurations'],
    ['KubeControllersConfiguration', 'kubecontrollersconfigurations'],
    ['BGPPeer', 'bgppeers'],
    ['BGPFilter', 'bgpfilters'],
    ['GlobalNetworkPolicy', 'globalnetworkpolicies'],
    ['NetworkPolicy', 'networkpolicies'],
    ['StagedGlobalNetworkPolicy', 'stagedglobalnetworkpolicies'],
    ['StagedNetworkPolicy', 'stagednetworkpolicies'],
    ['GlobalNetworkSet', 'globalnetworksets'],
    ['NetworkSet', 'networksets'],
    ['HostEndpoint', 'hostendpoints'],
    ['Tier', 'tiers'],
    ['IPReservation', 'ipreservations'],
  ])('%s is evaluated in both groups', (kind, resource) => {
    for (const group of ['projectcalico.org', 'crd.projectcalico.org']) {
      const policy = registry.find(group, kind);
      expect(policy?.target.resource).toBe(resource);
      expect(registry.findByResource(group, resource)).toBe(policy);
      expect(policy?.matches(request(kind, {}, `${group}/v3`))).toBe(true);
    }
    expect(registry.find('example.org', kind)).toBeUndefined();
  });
});

describe('the facts of an IPPool', () => {
  const path = ['spec', 'cidr'];
  it.each([
    {
      name: 'a range for pods',
      spec: { cidr: '10.0.0.0/8', ipipMode: 'CrossSubnet' },
      wanted: [
        { about: 'ip-pool', path, cidr: '10.0.0.0/8', encapsulation: 'ipip', isCrossSubnet: true },
        {
          about: 'pool',
          by: 'ippool',
          path,
          cidr: '10.0.0.0/8',
          isDisabled: false,
          encapsulation: 'ipip',
          natOutgoing: false,
        },
      ],
    },
    {
      name: 'disabled, VXLAN',
      spec: { cidr: '10.0.0.0/8', vxlanMode: 'Always', disabled: true },
      wanted: [
        { about: 'ip-pool', path, cidr: '10.0.0.0/8', encapsulation: 'vxlan', isCrossSubnet: false },
        {
          about: 'pool',
          by: 'ippool',
          path,
          cidr: '10.0.0.0/8',
          isDisabled: true,
          encapsulation: 'vxlan',
          natOutgoing: false,
        },
      ],
    },
    {
      name: 'load balancers, which are no pods',
      spec: { cidr: '10.0.0.0/8', allowedUses: ['LoadBalancer'] },
      wanted: [
        { about: 'ip-pool', path, cidr: '10.0.0.0/8', encapsulation: 'none', isCrossSubnet: false },
        { about: 'load-balancer-pool', path: ['spec', 'allowedUses'] },
      ],
    },
    { name: 'no range', spec: { cidr: 7 }, wanted: [] },
    { name: 'nothing', spec: null, wanted: [] },
  ])('$name', ({ spec, wanted }) => {
    expect(state('IPPool', spec)).toEqual(wanted);
  });
});

describe('the IPAM configuration', () => {
  it('has a name for users and another where it is stored', () => {
    const kinds = (group: string) =>
      ['IPAMConfiguration', 'IPAMConfig'].filter((kind) => registry.find(group, kind) !== undefined);
    expect(kinds('projectcalico.org')).toEqual(['IPAMConfiguration']);
    expect(kinds('crd.projectcalico.org')).toEqual(['IPAMConfig']);
  });
});

it('leaves the NetworkPolicy of Kubernetes to Kubernetes', () => {
  expect(registry.find('networking.k8s.io', 'NetworkPolicy')).toBeUndefined();
});

describe('the facts of a GlobalNetworkPolicy', () => {
  const hosts = { about: 'host-policy', path: ['spec', 'selector'] };
  const byLabels = { about: 'policy-by-labels', path: ['spec', 'selector'], labels: ['a'] };
  const allow = [{ action: 'Allow' }];
  it.each([
    { name: 'nothing at all', spec: {}, wanted: [hosts] },
    { name: 'all()', spec: { selector: ' all( ) ', types: ['Ingress'] }, wanted: [hosts] },
    {
      name: 'everything allowed',
      spec: { types: ['Ingress', 'Egress'], ingress: allow, egress: allow },
      wanted: [],
    },
    {
      name: 'one direction allowed',
      spec: { types: ['Ingress', 'Egress'], ingress: allow },
      wanted: [hosts],
    },
    { name: 'the only direction allowed', spec: { egress: allow }, wanted: [] },
    { name: 'something allowed', spec: { ingress: [{ action: 'Allow', protocol: 'TCP' }] }, wanted: [hosts] },
    { name: 'passed on', spec: { ingress: [{ action: 'Pass' }] }, wanted: [] },
    { name: 'some pods', spec: { selector: 'has(a)' }, wanted: [byLabels] },
    { name: 'a selector that cannot be read', spec: { selector: 'has(a' }, wanted: [] },
    { name: 'pods of all namespaces', spec: { namespaceSelector: 'all()' }, wanted: [] },
    { name: 'for hosts on purpose', spec: { preDNAT: true, applyOnForward: true }, wanted: [] },
    {
      name: 'a tier',
      spec: { tier: 'a', selector: 'has(a)' },
      wanted: [{ about: 'tiered-policy', path: ['spec', 'tier'], tier: 'a' }, byLabels],
    },
  ])('$name', ({ spec, wanted }) => {
    expect(state('GlobalNetworkPolicy', spec)).toEqual(wanted);
  });
});

describe('the facts of a KubeControllersConfiguration', () => {
  const path = ['spec', 'controllers'];
  it.each([
    { name: 'nothing', spec: {}, wanted: [] },
    {
      name: 'no load balancers',
      spec: { controllers: {} },
      wanted: [{ about: 'controllers', path, givesLoadBalancerAddresses: false }],
    },
    {
      name: 'load balancers, and endpoints of nodes',
      spec: { controllers: { loadBalancer: {}, node: { hostEndpoint: { autoCreate: 'Enabled' } } } },
      wanted: [
        { about: 'controllers', path, givesLoadBalancerAddresses: true },
        { about: 'host-endpoint', path: [...path, 'node', 'hostEndpoint', 'autoCreate'] },
      ],
    },
  ])('$name', ({ spec, wanted }) => {
    expect(state('KubeControllersConfiguration', spec)).toEqual(wanted);
  });
});

describe('the facts of a FelixConfiguration', () => {
  const ebpf = (more: object) => ({
    about: 'ebpf',
    by: 'felix',
    path: ['spec', 'bpfEnabled'],
    handlesKubeProxy: false,
    interfacePattern: undefined,
    ...more,
  });
  const coexistence = (port: string) => ({
    about: 'kube-proxy-coexistence',
    path: ['spec', 'bpfKubeProxyIptablesCleanupEnabled'],
    port,
  });
  it.each([
    { name: 'nothing', spec: {}, wanted: [] },
    { name: 'eBPF off', spec: { bpfEnabled: false, bpfDataIfacePattern: 'eth.*' }, wanted: [] },
    { name: 'eBPF', spec: { bpfEnabled: true }, wanted: [ebpf({})] },
    {
      name: 'eBPF with a pattern',
      spec: { bpfEnabled: true, bpfDataIfacePattern: 'eth.*' },
      wanted: [ebpf({ interfacePattern: 'eth.*' })],
    },
    {
      name: 'eBPF with an empty pattern',
      spec: { bpfEnabled: true, bpfDataIfacePattern: '' },
      wanted: [ebpf({})],
    },
    {
      name: 'eBPF beside kube-proxy',
      spec: { bpfEnabled: true, bpfKubeProxyIptablesCleanupEnabled: false, bpfKubeProxyHealthzPort: 0 },
      wanted: [coexistence('left'), ebpf({})],
    },
    {
      name: 'eBPF that wants the port of kube-proxy',
      spec: { bpfEnabled: true, bpfKubeProxyIptablesCleanupEnabled: false, bpfKubeProxyHealthzPort: 10256 },
      wanted: [coexistence('taken'), ebpf({})],
    },
    {
      name: 'eBPF that wants the port by default',
      spec: { bpfEnabled: true, bpfKubeProxyIptablesCleanupEnabled: false },
      wanted: [coexistence('unset'), ebpf({})],
    },
    {
      name: 'peace with kube-proxy where the operator switches eBPF on',
      spec: { bpfKubeProxyIptablesCleanupEnabled: false, bpfKubeProxyHealthzPort: null },
      wanted: [coexistence('unset')],
    },
    {
      name: 'eBPF that removes the rules of kube-proxy',
      spec: { bpfEnabled: true, bpfKubeProxyHealthzPort: 0 },
      wanted: [ebpf({})],
    },
    {
      name: 'routes',
      spec: { programClusterRoutes: 'Enabled' },
      wanted: [
        { about: 'cluster-routes', by: 'felix', path: ['spec', 'programClusterRoutes'], value: 'Enabled' },
      ],
    },
  ])('$name', ({ spec, wanted }) => {
    expect(state('FelixConfiguration', spec)).toEqual(wanted);
  });

  it('and a BGPConfiguration', () => {
    expect(state('BGPConfiguration', { programClusterRoutes: 'Disabled' })).toEqual([
      { about: 'cluster-routes', by: 'bgp', path: ['spec', 'programClusterRoutes'], value: 'Disabled' },
    ]);
  });
});
