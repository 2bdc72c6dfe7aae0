import { describe, expect, it } from 'vitest';
import { formatPath } from '../../../src/policy/field-path.ts';
import { loadRegistry } from '../../../src/registry.ts';
import { judgementsOf, validate } from '../../support/judge.ts';
import { testRule, testVerdicts } from './table.ts';

const registry = loadRegistry();

for (const kind of ['GlobalNetworkSet', 'NetworkSet'] as const) {
  testVerdicts(kind, [
    {
      name: 'ranges and addresses',
      spec: { nets: ['192.0.2.0/24', '192.0.2.1', '192.0.2.7/24', 'fd00::1'] },
    },
    { name: 'nothing', spec: {} },
    {
      name: 'an entry twice',
      spec: { nets: ['192.0.2.0/24', '192.0.2.1', '192.0.2.0/24'] },
      denied: ['nets[2]'],
    },
    { name: 'null', spec: { nets: [null] }, denied: ['nets[0]'] },
  ]);
  testRule(kind, 'calico/network-set-range', 'deny', [
    ...['10.0.0.0/33', '10.0.0.1-10.0.0.9', 'example.com', '010.0.0.0/8', ' 10.0.0.0/8', '10.0.0.1:80'].map(
      (net) => ({
        name: net,
        spec: { nets: ['10.0.0.0/8', net] },
        paths: ['nets[1]'],
      }),
    ),
    {
      name: 'an empty text',
      spec: { nets: [''] },
      paths: ['nets[0]'],
      says: ['empty, which makes Felix panic; remove the entry'],
    },
  ]);
  testRule(kind, 'calico/network-set-everything', 'warn', [
    {
      name: 'all',
      spec: { nets: ['0.0.0.0/0', '::/0', '1.2.3.4/0'] },
      paths: ['nets[0]', 'nets[1]', 'nets[2]'],
    },
    { name: 'half', spec: { nets: ['0.0.0.0/1', '128.0.0.0/1', '10.0.0.0/10'] } },
  ]);
}

const ENDPOINT = { node: 'node-1', interfaceName: 'eth0' };
const port = (more: object) => ({
  ...ENDPOINT,
  ports: [{ name: 'web', protocol: 'TCP', port: 80, ...more }],
});

testVerdicts('HostEndpoint', [
  { name: 'an interface', spec: ENDPOINT },
  {
    name: 'all interfaces',
    spec: { node: 'node-1', interfaceName: '*', profiles: ['projectcalico-default-allow'] },
  },
  { name: 'addresses', spec: { node: 'node-1', expectedIPs: ['10.0.0.1', 'fd00::1'] } },
  { name: 'a port', spec: port({}) },
  { name: 'nothing', spec: {}, denied: ['node', 'interfaceName'] },
  {
    name: 'a long interface',
    spec: { ...ENDPOINT, interfaceName: 'a'.repeat(16) },
    denied: ['interfaceName'],
  },
  {
    name: 'an address twice',
    spec: { ...ENDPOINT, expectedIPs: ['10.0.0.1', '10.0.0.1'] },
    denied: ['expectedIPs[1]'],
  },
  { name: 'port 0', spec: port({ port: 0 }), denied: ['ports[0].port'] },
  { name: 'a port without a name', spec: port({ name: null }), denied: ['ports[0].name'] },
]);

testRule('HostEndpoint', 'calico/host-endpoint-place', 'deny', [
  { name: 'good', spec: { ...ENDPOINT, interfaceName: 'eth0.100' } },
  ...['eth*', 'eth:0', 'eth0,eth1', 'eth 0'].map((interfaceName) => ({
    name: interfaceName,
    spec: { ...ENDPOINT, interfaceName },
    paths: ['interfaceName'],
  })),
  { name: 'a node in capitals', spec: { ...ENDPOINT, node: 'Node1' }, paths: ['node'] },
  {
    name: 'addresses with a mask',
    spec: { ...ENDPOINT, expectedIPs: ['10.0.0.0/24', '10.0.0.01', 'x'] },
    paths: ['expectedIPs[0]', 'expectedIPs[1]', 'expectedIPs[2]'],
  },
]);

testRule('HostEndpoint', 'calico/host-endpoint-port', 'deny', [
  ...['TCP', 'udp', 'Sctp'].map((protocol) => ({ name: protocol, spec: port({ protocol }) })),
  ...(
    [
      [6, 'write TCP'],
      ['17', 'write UDP'],
      [132, 'write SCTP'],
      ['ICMP', 'write TCP, UDP or SCTP'],
      ['', 'write TCP'],
      [256, 'write TCP'],
    ] as const
  ).map(([protocol, said]) => ({
    name: `${protocol}`,
    spec: port({ protocol }),
    paths: ['ports[0].protocol'],
    says: [said],
  })),
  { name: 'a name that cannot be read', spec: port({ name: 'a/b' }), paths: ['ports[0].name'] },
]);

testRule('HostEndpoint', 'calico/host-endpoint-form', 'warn', [
  { name: 'good', spec: port({}) },
  { name: 'lower case', spec: port({ protocol: 'tcp' }), paths: ['ports[0].protocol'], says: ['write TCP'] },
  { name: 'a name in capitals', spec: port({ name: 'HTTP' }), paths: ['ports[0].name'] },
  { name: 'a name of digits', spec: port({ name: '80' }), paths: ['ports[0].name'] },
  { name: 'a profile', spec: { ...ENDPOINT, profiles: ['a_b'] }, paths: ['profiles[0]'] },
]);

testRule('IPReservation', 'calico/ip-reservation-range', 'deny', [
  { name: 'good', spec: { reservedCIDRs: ['10.0.0.0/28', '10.0.0.1/28', 'fd00::1'] } },
  ...['10.0.0.1-10.0.0.9', '10.0.0.0/33', 'x', '', ' '].map((range) => ({
    name: `"${range}"`,
    spec: { reservedCIDRs: [range] },
    paths: ['reservedCIDRs[0]'],
    says: ['IPAM up to Calico 3.32 panics'],
  })),
]);
testRule('IPReservation', 'calico/ip-reservation-address', 'warn', [
  { name: 'a range', spec: { reservedCIDRs: ['10.0.0.1/32'] } },
  {
    name: 'an address',
    spec: { reservedCIDRs: ['10.0.0.1', 'fd00::1'] },
    paths: ['reservedCIDRs[0]', 'reservedCIDRs[1]'],
    says: ['write 10.0.0.1/32', 'write fd00::1/128'],
  },
]);
testVerdicts('IPReservation', [
  {
    name: 'a range twice',
    spec: { reservedCIDRs: ['10.0.0.0/28', '10.0.0.0/28'] },
    denied: ['reservedCIDRs[1]'],
  },
]);

testRule('Tier', 'calico/tier-built-in', 'deny', [
  { name: 'a tier of one’s own', metadataName: 'security', spec: { order: 1, defaultAction: 'Pass' } },
  { name: 'the default one', metadataName: 'default', spec: { order: 1_000_000 } },
  {
    name: 'the default one moved',
    metadataName: 'default',
    spec: { order: 100, defaultAction: 'Pass' },
    paths: ['order', 'defaultAction'],
  },
  { name: 'of administrators', metadataName: 'kube-admin', spec: { order: 1000, defaultAction: 'Pass' } },
  {
    name: 'of administrators, with nothing',
    metadataName: 'kube-admin',
    spec: {},
    paths: ['order', 'defaultAction'],
    says: ["is Calico's own; write 1000", "is Calico's own; write Pass"],
  },
  {
    name: 'the baseline',
    metadataName: 'kube-baseline',
    spec: { order: 1000, defaultAction: 'Pass' },
    paths: ['order'],
  },
  { name: 'constructor', metadataName: 'constructor', spec: {} },
]);
testRule('Tier', 'calico/tier-name', 'warn', [
  { name: 'a label', metadataName: 'security', spec: {} },
  { name: 'a dot', metadataName: 'a.b', spec: {}, paths: ['/metadata.name'] },
  { name: '64 characters', metadataName: 'a'.repeat(64), spec: {}, paths: ['/metadata.name'] },
  { name: 'what is no name at all', metadataName: 'A', spec: {} },
]);
testRule('Tier', 'calico/word', 'deny', [
  {
    name: 'Allow',
    metadataName: 'a',
    spec: { defaultAction: 'Allow' },
    paths: ['defaultAction'],
    says: ['use Pass or Deny'],
  },
]);

testRule('IPAMConfiguration', 'calico/ipam-name', 'warn', [
  { name: 'default', spec: {} },
  { name: 'another', metadataName: 'windows', spec: {}, paths: ['/metadata.name'] },
]);
testRule('IPAMConfiguration', 'calico/ipam-blocks', 'warn', [
  { name: 'by themselves', spec: { strictAffinity: false, autoAllocateBlocks: true } },
  { name: 'given', spec: { strictAffinity: true, autoAllocateBlocks: false } },
  { name: 'neither', spec: { autoAllocateBlocks: false }, paths: ['autoAllocateBlocks'] },
]);
testRule('IPAMConfiguration', 'calico/number', 'deny', [
  { name: 'good', spec: { maxBlocksPerHost: 0 } },
  {
    name: 'too many',
    spec: { maxBlocksPerHost: 1_000_001 },
    paths: ['maxBlocksPerHost'],
    says: ['write 0 to 1000000'],
  },
]);
testRule('IPAMConfiguration', 'calico/next-release', 'warn', [
  {
    name: 'too long',
    spec: { ipCooldownSeconds: 1201 },
    paths: ['ipCooldownSeconds'],
    says: ['write 0 to 1200'],
  },
]);

describe('an IPAMConfig, as it is stored', () => {
  const of = (spec: object, kind = 'IPAMConfig') => ({
    object: { apiVersion: 'crd.projectcalico.org/v1', kind, metadata: { name: 'default' }, spec },
  });
  it.each([
    { name: 'both', spec: { strictAffinity: false, autoAllocateBlocks: true }, paths: [] },
    { name: 'one', spec: { strictAffinity: true }, paths: ['spec.autoAllocateBlocks'] },
    { name: 'none', spec: {}, paths: ['spec.strictAffinity', 'spec.autoAllocateBlocks'] },
  ])('needs both of its switches: $name', ({ spec, paths }) => {
    const found = judgementsOf(validate(registry, of(spec)), 'calico/ipam-required');
    expect(found.map(({ path }) => formatPath(path))).toEqual(paths);
  });
});

describe('calico/metadata', () => {
  it.each([
    {
      name: 'good',
      metadata: { name: 'a.b-c', labels: { 'example.org/a_b': '', a: 'B.c' }, annotations: { 'A/b': 'x y' } },
      paths: [],
    },
    { name: 'nothing', metadata: {}, paths: [] },
    { name: 'a name in capitals', metadata: { name: 'A' }, paths: ['metadata.name'] },
    { name: 'a long name', metadata: { name: 'a'.repeat(254) }, paths: ['metadata.name'] },
    { name: 'a prefix', metadata: { generateName: 'a-' }, paths: [] },
    { name: 'a bad prefix', metadata: { generateName: 'a_' }, paths: ['metadata.generateName'] },
    {
      name: 'a namespace with a dot',
      metadata: { name: 'a', namespace: 'a.b' },
      paths: ['metadata.namespace'],
    },
    { name: 'a key', metadata: { name: 'a', labels: { '/a': 'b' } }, paths: ['metadata.labels./a'] },
    { name: 'a value', metadata: { name: 'a', labels: { a: 'b c' } }, paths: ['metadata.labels.a'] },
    {
      name: 'a key of annotations',
      metadata: { name: 'a', annotations: { 'a b': 'c' } },
      paths: ['metadata.annotations["a b"]'],
    },
    {
      name: 'long annotations',
      metadata: { name: 'a', annotations: { a: 'x'.repeat(262_144) } },
      paths: ['metadata.annotations'],
    },
    {
      name: '__proto__',
      metadata: { name: 'a', labels: JSON.parse('{"__proto__": "x"}') },
      paths: ['metadata.labels.__proto__'],
    },
  ])('$name', ({ metadata, paths }) => {
    const object = { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkSet', metadata, spec: {} };
    const found = judgementsOf(validate(registry, { object }), 'calico/metadata');
    expect(found.map(({ path }) => formatPath(path))).toEqual(paths);
  });

  it('takes no label that is a number', () => {
    const metadata = { name: 'a', labels: { a: 5 } };
    const object = { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkSet', metadata, spec: {} };
    expect(judgementsOf(validate(registry, { object }), 'calico/wrong-type')).toHaveLength(1);
  });

  it('leaves the label of Calico alone, but on a set', () => {
    const metadata = { name: 'a', labels: { 'projectcalico.org/namespace': 'a' } };
    const said = (kind: string) =>
      validate(registry, {
        object: { apiVersion: 'projectcalico.org/v3', kind, metadata, spec: {} },
      }).judgements.map(({ rule }) => rule);
    expect(said('GlobalNetworkSet')).toEqual(['calico/network-set-label']);
    expect(said('GlobalNetworkPolicy')).toEqual([]);
  });
});

testRule('GlobalNetworkSet', 'calico/spec-missing', 'warn', [
  { name: 'there', spec: {} },
  { name: 'null', spec: null, paths: ['/spec'] },
  { name: 'missing', paths: ['/spec'] },
]);

testRule('GlobalNetworkPolicy', 'calico/misspelt-field', 'warn', [
  {
    name: 'in a rule',
    spec: { ingress: [{ action: 'Allow', protcol: 'TCP' }] },
    paths: ['ingress[0].protcol'],
    says: ['write protocol'],
  },
  {
    name: 'in a rule’s end',
    spec: { egress: [{ action: 'Allow', destination: { port: [80] } }] },
    paths: ['egress[0].destination.port'],
    says: ['write ports'],
  },
  {
    name: 'of Calico Enterprise',
    spec: { egress: [{ action: 'Allow', destination: { domains: ['example.org'] } }] },
  },
]);

describe('a spec that is no map', () => {
  it.each([
    ['HostEndpoint', 'node-1'],
    ['BGPPeer', 7],
    ['GlobalNetworkPolicy', []],
  ] as const)('of a %s has the wrong type, and nothing is missing in it', (kind, spec) => {
    const object = { apiVersion: 'projectcalico.org/v3', kind, metadata: { name: 'a' }, spec };
    expect(validate(registry, { object }).judgements.map(({ rule }) => rule)).toEqual(['calico/wrong-type']);
  });
});
