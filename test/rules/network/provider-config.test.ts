import { describe, expect, it } from 'vitest';
import { formatPath } from '../../../src/policy/field-path.ts';
import { validate } from '../../support/evaluate.ts';
import { registry } from '../../support/registry.ts';
import { type Base, testRule, testRules } from '../../support/rule-tester.ts';

const ID = 'network/provider-config';
function network(providerConfig: unknown, spec: object = {}): object {
  return {
    apiVersion: 'extensions.gardener.cloud/v1alpha1',
    kind: 'Network',
    metadata: { name: 'calico-network', namespace: 'shoot--foo--bar' },
    spec: { type: 'calico', podCIDR: '100.96.0.0/11', serviceCIDR: '100.64.0.0/13', providerConfig, ...spec },
  };
}

/** A Network, alone in its review. */
const NETWORK: Base<{ readonly config?: unknown; readonly spec?: object }> = {
  write: ({ config, spec }) => [network(config, spec)],
  places: { config: 'spec.providerConfig' },
  by: 'review',
};

testRules('the findings of a Network', NETWORK, {
  valid: [
    { name: 'none', config: undefined },
    { name: 'null', config: null },
    { name: 'an empty one', config: {} },
    { name: 'what provider-azure writes', config: { backend: 'none', kind: '' } },
    { name: 'bird', config: { backend: 'bird', ipam: { type: 'host-local', cidr: 'usePodCIDR' } } },
    { name: 'vpa, which only a Shoot can have on or off', config: { autoScaling: { mode: 'vpa' } } },
    { name: 'another network', config: { backend: 'geneve' }, spec: { type: 'cilium' } },
    { name: 'ranges still to be found', config: {}, spec: { podCIDR: '', serviceCIDR: null } },
    { name: 'a range with host bits', config: {}, spec: { podCIDR: '10.0.0.5/8' } },
    {
      name: 'IPv6',
      config: {},
      spec: { podCIDR: 'fd00::/48', serviceCIDR: 'fd01::/108', ipFamilies: ['IPv6'] },
    },
  ],
  invalid: [
    {
      name: 'the value is marked',
      yaml: `
        apiVersion: extensions.gardener.cloud/v1alpha1
        kind: Network
        metadata:
          name: calico-network
        spec:
          type: calico
          podCIDR: 10.0.0.0
                   ^^^^^^^^
          serviceCIDR: 100.64.0.0/13
          providerConfig:
            backend: none
            ipv4: {pool: ipip, mode: "Sometimes"}
                                     ^^^^^^^^^^^
      `,
      found: ['warn network/provider-config spec.podCIDR', 'warn network/provider-config config.ipv4.mode'],
    },
    {
      name: 'an unknown backend',
      config: { backend: 'geneve' },
      found: ['warn network/provider-config config.backend'],
    },
    {
      name: 'an unknown IPAM',
      config: { ipam: { type: 'x' } },
      found: ['warn network/provider-config config.ipam.type'],
    },
    {
      name: 'an unknown pool',
      config: { ipv4: { pool: 'x' } },
      found: ['warn network/provider-config config.ipv4.pool'],
    },
    { name: 'an unknown mode', config: { ipip: 'x' }, found: ['warn network/provider-config config.ipip'] },
    {
      name: 'an unknown method',
      config: { ipv4: { autoDetectionMethod: 'x' } },
      found: ['warn network/provider-config config.ipv4.autoDetectionMethod'],
    },
    {
      name: 'an MTU that is no number',
      config: { vethMTU: 'x' },
      found: ['warn network/provider-config config.vethMTU'],
    },
    {
      name: 'an MTU that is no string',
      config: { vethMTU: 1440 },
      found: ['warn network/provider-config config.vethMTU'],
    },
    {
      name: 'an unknown scaling',
      config: { autoScaling: { mode: 'x' } },
      found: ['warn network/provider-config config.autoScaling.mode'],
    },
    {
      name: 'an unknown prevention',
      config: { serviceLoopPrevention: 'x' },
      found: ['warn network/provider-config config.serviceLoopPrevention'],
    },
    {
      name: 'another kind',
      config: { kind: 'NetworkStatus' },
      found: ['warn network/provider-config config.kind'],
    },
    {
      name: 'an unknown field',
      config: { vethMtu: '1' },
      found: ['warn network/provider-config config.vethMtu'],
    },
    { name: 'a list', config: [], found: ['warn network/provider-config config'] },
    { name: 'a text', config: 'x', found: ['warn network/provider-config config'] },
    {
      name: 'calico-ipam with IPv6',
      config: { ipam: { type: 'calico-ipam' } },
      spec: { ipFamilies: ['IPv6'] },
      found: ['warn network/provider-config config.ipam.type'],
    },
    { name: 'no type', config: {}, spec: { type: null }, found: ['warn network/provider-config spec.type'] },
    {
      name: 'an empty type',
      config: {},
      spec: { type: '' },
      found: ['warn network/provider-config spec.type'],
    },
    {
      name: 'a type that is no string',
      config: {},
      spec: { type: 7 },
      found: ['warn network/provider-config spec.type'],
    },
    {
      name: 'ranges that are none',
      config: {},
      spec: { podCIDR: 'x', serviceCIDR: '10.0.0.0' },
      found: ['warn network/provider-config spec.podCIDR', 'warn network/provider-config spec.serviceCIDR'],
    },
    {
      name: 'a range that is no string',
      config: {},
      spec: { podCIDR: 10 },
      found: ['warn network/provider-config spec.podCIDR'],
    },
    {
      name: 'unknown families',
      config: {},
      spec: { ipFamilies: ['IPv5'] },
      found: ['warn network/provider-config spec.ipFamilies'],
    },
    {
      name: 'a family twice',
      config: {},
      spec: { ipFamilies: ['IPv4', 'IPv4'] },
      found: ['warn network/provider-config spec.ipFamilies'],
    },
    {
      name: 'three families',
      config: {},
      spec: { ipFamilies: ['IPv4', 'IPv6', 'IPv4'] },
      found: ['warn network/provider-config spec.ipFamilies'],
    },
    {
      name: 'several, in order',
      config: { backend: 'x', foo: 1 },
      spec: { podCIDR: 'x' },
      found: [
        'warn network/provider-config spec.podCIDR',
        'warn network/provider-config config.foo',
        'warn network/provider-config config.backend',
      ],
    },
  ],
});

testRule(ID, 'warn', NETWORK, {
  invalid: [
    {
      name: 'several, in order',
      config: { backend: 'x', foo: 1 },
      spec: { podCIDR: 'x' },
      found: ['spec.podCIDR', 'config.foo', 'config.backend'],
    },
    {
      name: 'the finding of the rule of a Shoot',
      config: { backend: 'Bird' },
      found: [
        {
          path: 'config.backend',
          message: 'unsupported backend (got "Bird"); did you mean bird? Use bird, none or vxlan',
        },
      ],
    },
    {
      name: 'a field that there is not: its name is marked',
      yaml: `
        apiVersion: extensions.gardener.cloud/v1alpha1
        kind: Network
        metadata:
          name: calico-network
        spec:
          type: calico
          providerConfig:
            vethMtu: "1440"
            ^^^^^^^
      `,
      found: ['config.vethMtu'],
    },
  ],
});

describe(ID, () => {
  it('reports keys that are written twice', () => {
    const object = network({ backend: 'bird' });
    const { findings } = validate(registry, { object, duplicates: [['backend']] });
    expect(findings.map((each) => formatPath(each.path))).toEqual(['spec.providerConfig.backend']);
  });

  it('reports only the missing type of a Network without a spec', () => {
    const { findings } = validate(registry, { object: { kind: 'Network' } });
    expect(findings.map((each) => formatPath(each.path))).toEqual(['spec.type']);
  });

  it('does not repeat what the old Network had', () => {
    const old = network({ backend: 'geneve' });
    const { findings } = validate(registry, {
      object: network({ backend: 'geneve', vethMTU: '1440' }),
      old,
    });
    expect(findings).toEqual([]);
  });
});
