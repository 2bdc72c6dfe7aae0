import { describe, expect, it } from 'vitest';
import { formatPath } from '../../../src/policy/field-path.ts';
import { renderMessage } from '../../../src/policy/message.ts';
import { loadRegistry } from '../../../src/registry.ts';
import { validate } from '../../support/judge.ts';
import { expectMessage } from '../../support/message.ts';

const ID = 'network/provider-config';
const registry = loadRegistry();

function network(providerConfig: unknown, spec: object = {}): object {
  return {
    apiVersion: 'extensions.gardener.cloud/v1alpha1',
    kind: 'Network',
    metadata: { name: 'calico-network', namespace: 'shoot--foo--bar' },
    spec: { type: 'calico', podCIDR: '100.96.0.0/11', serviceCIDR: '100.64.0.0/13', providerConfig, ...spec },
  };
}

const config = 'spec.providerConfig';

describe(ID, () => {
  it.each([
    { name: 'none', value: undefined },
    { name: 'null', value: null },
    { name: 'an empty one', value: {} },
    { name: 'what provider-azure writes', value: { backend: 'none', kind: '' } },
    { name: 'bird', value: { backend: 'bird', ipam: { type: 'host-local', cidr: 'usePodCIDR' } } },
    { name: 'an unknown backend', value: { backend: 'geneve' }, paths: [`${config}.backend`] },
    { name: 'an unknown IPAM', value: { ipam: { type: 'x' } }, paths: [`${config}.ipam.type`] },
    { name: 'an unknown pool', value: { ipv4: { pool: 'x' } }, paths: [`${config}.ipv4.pool`] },
    { name: 'an unknown mode', value: { ipip: 'x' }, paths: [`${config}.ipip`] },
    {
      name: 'an unknown method',
      value: { ipv4: { autoDetectionMethod: 'x' } },
      paths: [`${config}.ipv4.autoDetectionMethod`],
    },
    { name: 'an MTU that is no number', value: { vethMTU: 'x' }, paths: [`${config}.vethMTU`] },
    { name: 'an MTU that is no string', value: { vethMTU: 1440 }, paths: [`${config}.vethMTU`] },
    {
      name: 'an unknown scaling',
      value: { autoScaling: { mode: 'x' } },
      paths: [`${config}.autoScaling.mode`],
    },
    {
      name: 'an unknown prevention',
      value: { serviceLoopPrevention: 'x' },
      paths: [`${config}.serviceLoopPrevention`],
    },
    { name: 'another kind', value: { kind: 'NetworkStatus' }, paths: [`${config}.kind`] },
    { name: 'an unknown field', value: { vethMtu: '1' }, paths: [`${config}.vethMtu`] },
    { name: 'a list', value: [], paths: [config] },
    { name: 'a text', value: 'x', paths: [config] },
    { name: 'vpa, which only a Shoot can have on or off', value: { autoScaling: { mode: 'vpa' } } },
    {
      name: 'calico-ipam with IPv6',
      value: { ipam: { type: 'calico-ipam' } },
      spec: { ipFamilies: ['IPv6'] },
      paths: [`${config}.ipam.type`],
    },
    { name: 'no type', value: {}, spec: { type: null }, paths: ['spec.type'] },
    { name: 'an empty type', value: {}, spec: { type: '' }, paths: ['spec.type'] },
    { name: 'a type that is no string', value: {}, spec: { type: 7 }, paths: ['spec.type'] },
    { name: 'another network', value: { backend: 'geneve' }, spec: { type: 'cilium' } },
    {
      name: 'ranges that are none',
      value: {},
      spec: { podCIDR: 'x', serviceCIDR: '10.0.0.0' },
      paths: ['spec.podCIDR', 'spec.serviceCIDR'],
    },
    { name: 'ranges still to be found', value: {}, spec: { podCIDR: '', serviceCIDR: null } },
    { name: 'a range that is no string', value: {}, spec: { podCIDR: 10 }, paths: ['spec.podCIDR'] },
    { name: 'a range with host bits', value: {}, spec: { podCIDR: '10.0.0.5/8' } },
    {
      name: 'IPv6',
      value: {},
      spec: { podCIDR: 'fd00::/48', serviceCIDR: 'fd01::/108', ipFamilies: ['IPv6'] },
    },
    {
      name: 'families that nobody knows',
      value: {},
      spec: { ipFamilies: ['IPv5'] },
      paths: ['spec.ipFamilies'],
    },
    { name: 'a family twice', value: {}, spec: { ipFamilies: ['IPv4', 'IPv4'] }, paths: ['spec.ipFamilies'] },
    {
      name: 'three families',
      value: {},
      spec: { ipFamilies: ['IPv4', 'IPv6', 'IPv4'] },
      paths: ['spec.ipFamilies'],
    },
    {
      name: 'several, in order',
      value: { backend: 'x', foo: 1 },
      spec: { podCIDR: 'x' },
      paths: ['spec.podCIDR', `${config}.foo`, `${config}.backend`],
    },
  ])('$name', ({ value, spec, paths = [] }) => {
    const object = network(value, spec);
    const before = structuredClone(object);
    const { judgements } = validate(registry, { object });
    expect(judgements.map((each) => formatPath(each.path))).toEqual(paths);
    for (const judgement of judgements) {
      expect(judgement.rule).toBe(ID);
      expect(judgement.action).toBe('warn');
      expectMessage(judgement);
    }
    expect(object).toEqual(before);
  });

  it('says what the rule of a Shoot says', () => {
    const { judgements } = validate(registry, { object: network({ backend: 'Bird' }) });
    expect(judgements.map(renderMessage)).toEqual([
      'not a backend of Calico (got "Bird"); did you mean bird? Use bird, none or vxlan',
    ]);
  });

  it('tells keys that are written twice', () => {
    const object = network({ backend: 'bird' });
    const { judgements } = validate(registry, { object, duplicates: [['backend']] });
    expect(judgements.map((each) => formatPath(each.path))).toEqual([`${config}.backend`]);
  });

  it('says nothing of a Network without a spec but that it has no type', () => {
    const { judgements } = validate(registry, { object: { kind: 'Network' } });
    expect(judgements.map((each) => formatPath(each.path))).toEqual(['spec.type']);
  });

  it('does not repeat what the old Network had', () => {
    const old = network({ backend: 'geneve' });
    const { judgements } = validate(registry, {
      object: network({ backend: 'geneve', vethMTU: '1440' }),
      old,
    });
    expect(judgements).toEqual([]);
  });
});
