import { describe, expect, it } from 'vitest';
import { formatPath } from '../../../src/policy/field-path.ts';
import { findingsOf, validate } from '../../support/evaluate.ts';
import { registry } from '../../support/registry.ts';
import { type Base, testRule, testRules } from '../../support/rule-tester.ts';
import { calico } from './base.ts';

for (const kind of ['GlobalNetworkSet', 'NetworkSet'] as const) {
  testRules(`the findings of a ${kind}`, calico(kind), {
    valid: [
      {
        name: 'ranges and addresses',
        spec: { nets: ['192.0.2.0/24', '192.0.2.1', '192.0.2.7/24', 'fd00::1'] },
      },
      { name: 'nothing', spec: {} },
    ],
    invalid: [
      {
        name: 'an entry twice',
        spec: { nets: ['192.0.2.0/24', '192.0.2.1', '192.0.2.0/24'] },
        found: ['deny calico/limit spec.nets[2]'],
      },
      { name: 'null', spec: { nets: [null] }, found: ['deny calico/wrong-type spec.nets[0]'] },
    ],
  });
  testRule('calico/network-set-range', 'deny', calico(kind), {
    invalid: [
      ...['10.0.0.0/33', '10.0.0.1-10.0.0.9', 'example.com', '010.0.0.0/8', ' 10.0.0.0/8', '10.0.0.1:80'].map(
        (net) => ({ name: net, spec: { nets: ['10.0.0.0/8', net] }, found: ['spec.nets[1]'] }),
      ),
      {
        name: 'an empty text',
        spec: { nets: [''] },
        found: [
          { path: 'spec.nets[0]', says: 'the entry is empty, which makes Felix panic; remove the entry' },
        ],
      },
    ],
  });
  testRule('calico/network-set-everything', 'warn', calico(kind), {
    valid: [{ name: 'half', spec: { nets: ['0.0.0.0/1', '128.0.0.0/1', '10.0.0.0/10'] } }],
    invalid: [
      {
        name: 'all',
        spec: { nets: ['0.0.0.0/0', '::/0', '1.2.3.4/0'] },
        found: ['spec.nets[0]', 'spec.nets[1]', 'spec.nets[2]'],
      },
    ],
  });
}

const ENDPOINT = { node: 'node-1', interfaceName: 'eth0' };
const port = (more: object) => ({
  ...ENDPOINT,
  ports: [{ name: 'web', protocol: 'TCP', port: 80, ...more }],
});

testRules('the findings of a HostEndpoint', calico('HostEndpoint'), {
  valid: [
    { name: 'an interface', spec: ENDPOINT },
    {
      name: 'all interfaces',
      spec: { node: 'node-1', interfaceName: '*', profiles: ['projectcalico-default-allow'] },
    },
    { name: 'addresses', spec: { node: 'node-1', expectedIPs: ['10.0.0.1', 'fd00::1'] } },
    { name: 'a port', spec: port({}) },
  ],
  invalid: [
    {
      name: 'nothing',
      spec: {},
      found: [
        'deny calico/host-endpoint-place spec.interfaceName',
        'deny calico/host-endpoint-place spec.node',
      ],
    },
    {
      name: 'a long interface',
      spec: { ...ENDPOINT, interfaceName: 'a'.repeat(16) },
      found: ['deny calico/limit spec.interfaceName'],
    },
    {
      name: 'an address twice',
      spec: { ...ENDPOINT, expectedIPs: ['10.0.0.1', '10.0.0.1'] },
      found: ['deny calico/limit spec.expectedIPs[1]'],
    },
    { name: 'port 0', spec: port({ port: 0 }), found: ['deny calico/number spec.ports[0].port'] },
    {
      name: 'a port without a name',
      spec: port({ name: null }),
      found: ['deny calico/missing-field spec.ports[0].name'],
    },
  ],
});

testRule('calico/host-endpoint-place', 'deny', calico('HostEndpoint'), {
  valid: [{ name: 'good', spec: { ...ENDPOINT, interfaceName: 'eth0.100' } }],
  invalid: [
    ...['eth*', 'eth:0', 'eth0,eth1', 'eth 0'].map((interfaceName) => ({
      name: interfaceName,
      spec: { ...ENDPOINT, interfaceName },
      found: ['spec.interfaceName'],
    })),
    { name: 'a node in capitals', spec: { ...ENDPOINT, node: 'Node1' }, found: ['spec.node'] },
    {
      name: 'addresses with a mask',
      spec: { ...ENDPOINT, expectedIPs: ['10.0.0.0/24', '10.0.0.01', 'x'] },
      found: ['spec.expectedIPs[0]', 'spec.expectedIPs[1]', 'spec.expectedIPs[2]'],
    },
  ],
});

testRule('calico/host-endpoint-port', 'deny', calico('HostEndpoint'), {
  valid: [...['TCP', 'udp', 'Sctp'].map((protocol) => ({ name: protocol, spec: port({ protocol }) }))],
  invalid: [
    ...(
      [
        [6, 'write TCP'],
        ['17', 'write UDP'],
        [132, 'write SCTP'],
        ['ICMP', 'write TCP, UDP or SCTP'],
        ['', 'write TCP'],
        [256, 'write TCP'],
      ] as const
    ).map(([protocol, message]) => ({
      name: `${protocol}`,
      spec: port({ protocol }),
      found: [{ path: 'spec.ports[0].protocol', says: message }],
    })),
    { name: 'a name that cannot be read', spec: port({ name: 'a/b' }), found: ['spec.ports[0].name'] },
  ],
});

testRule('calico/host-endpoint-form', 'warn', calico('HostEndpoint'), {
  valid: [{ name: 'good', spec: port({}) }],
  invalid: [
    {
      name: 'lower case',
      spec: port({ protocol: 'tcp' }),
      found: [{ path: 'spec.ports[0].protocol', says: 'write TCP' }],
    },
    { name: 'a name in capitals', spec: port({ name: 'HTTP' }), found: ['spec.ports[0].name'] },
    { name: 'a name of digits', spec: port({ name: '80' }), found: ['spec.ports[0].name'] },
    { name: 'a profile', spec: { ...ENDPOINT, profiles: ['a_b'] }, found: ['spec.profiles[0]'] },
  ],
});

testRule('calico/ip-reservation-range', 'deny', calico('IPReservation'), {
  valid: [{ name: 'good', spec: { reservedCIDRs: ['10.0.0.0/28', '10.0.0.1/28', 'fd00::1'] } }],
  invalid: [
    ...['10.0.0.1-10.0.0.9', '10.0.0.0/33', 'x', '', ' '].map((range) => ({
      name: `"${range}"`,
      spec: { reservedCIDRs: [range] },
      found: [{ path: 'spec.reservedCIDRs[0]', says: 'IPAM up to Calico 3.32 panics' }],
    })),
  ],
});
testRule('calico/ip-reservation-address', 'warn', calico('IPReservation'), {
  valid: [{ name: 'a range', spec: { reservedCIDRs: ['10.0.0.1/32'] } }],
  invalid: [
    {
      name: 'an address',
      spec: { reservedCIDRs: ['10.0.0.1', 'fd00::1'] },
      found: [
        { path: 'spec.reservedCIDRs[0]', says: 'write 10.0.0.1/32' },
        { path: 'spec.reservedCIDRs[1]', says: 'write fd00::1/128' },
      ],
    },
  ],
});
testRules('the findings of an IPReservation', calico('IPReservation'), {
  invalid: [
    {
      name: 'a range twice',
      spec: { reservedCIDRs: ['10.0.0.0/28', '10.0.0.0/28'] },
      found: ['deny calico/limit spec.reservedCIDRs[1]'],
    },
  ],
});

testRule('calico/tier-built-in', 'deny', calico('Tier'), {
  valid: [
    { name: 'a tier of one’s own', metadataName: 'security', spec: { order: 1, defaultAction: 'Pass' } },
    { name: 'the default one', metadataName: 'default', spec: { order: 1_000_000 } },
    { name: 'of administrators', metadataName: 'kube-admin', spec: { order: 1000, defaultAction: 'Pass' } },
    { name: 'constructor', metadataName: 'constructor', spec: {} },
  ],
  invalid: [
    {
      name: 'the default one moved',
      metadataName: 'default',
      spec: { order: 100, defaultAction: 'Pass' },
      found: ['spec.order', 'spec.defaultAction'],
    },
    {
      name: 'of administrators, with nothing',
      metadataName: 'kube-admin',
      spec: {},
      found: [
        { path: 'spec.order', says: 'belongs to Calico and cannot be changed; write 1000' },
        { path: 'spec.defaultAction', says: 'belongs to Calico and cannot be changed; write Pass' },
      ],
    },
    {
      name: 'the baseline',
      metadataName: 'kube-baseline',
      spec: { order: 1000, defaultAction: 'Pass' },
      found: ['spec.order'],
    },
  ],
});
testRule('calico/tier-name', 'warn', calico('Tier'), {
  valid: [
    { name: 'a label', metadataName: 'security', spec: {} },
    { name: 'what is no name at all', metadataName: 'A', spec: {} },
  ],
  invalid: [
    { name: 'a dot', metadataName: 'a.b', spec: {}, found: ['metadata.name'] },
    { name: '64 characters', metadataName: 'a'.repeat(64), spec: {}, found: ['metadata.name'] },
  ],
});
testRule('calico/word', 'deny', calico('Tier'), {
  invalid: [
    {
      name: 'Allow',
      metadataName: 'a',
      spec: { defaultAction: 'Allow' },
      found: [{ path: 'spec.defaultAction', says: 'use Pass or Deny' }],
    },
  ],
});

testRule('calico/ipam-name', 'warn', calico('IPAMConfiguration'), {
  valid: [{ name: 'default', spec: {} }],
  invalid: [{ name: 'another', metadataName: 'windows', spec: {}, found: ['metadata.name'] }],
});
testRule('calico/ipam-blocks', 'warn', calico('IPAMConfiguration'), {
  valid: [
    { name: 'by themselves', spec: { strictAffinity: false, autoAllocateBlocks: true } },
    { name: 'given', spec: { strictAffinity: true, autoAllocateBlocks: false } },
  ],
  invalid: [{ name: 'neither', spec: { autoAllocateBlocks: false }, found: ['spec.autoAllocateBlocks'] }],
});
testRule('calico/number', 'deny', calico('IPAMConfiguration'), {
  valid: [{ name: 'good', spec: { maxBlocksPerHost: 0 } }],
  invalid: [
    {
      name: 'too many',
      spec: { maxBlocksPerHost: 1_000_001 },
      found: [{ path: 'spec.maxBlocksPerHost', says: 'use a value from 0 to 1000000' }],
    },
  ],
});
testRule('calico/next-release', 'warn', calico('IPAMConfiguration'), {
  invalid: [
    {
      name: 'too long',
      spec: { ipCooldownSeconds: 1201 },
      found: [{ path: 'spec.ipCooldownSeconds', says: 'use a value from 0 to 1200' }],
    },
  ],
});

describe('an IPAMConfig, as it is stored', () => {
  const of = (spec: object, kind = 'IPAMConfig') => ({
    object: { apiVersion: 'crd.projectcalico.org/v1', kind, metadata: { name: 'default' }, spec },
  });
  it.each([
    { name: 'both', spec: { strictAffinity: false, autoAllocateBlocks: true }, paths: [] },
    { name: 'one', spec: { strictAffinity: true }, paths: ['spec.autoAllocateBlocks'] },
    { name: 'none', spec: {}, paths: ['spec.strictAffinity', 'spec.autoAllocateBlocks'] },
  ])('needs both of its switches: $name', ({ spec, paths }) => {
    const found = findingsOf(validate(registry, of(spec)), 'calico/ipam-required');
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
    const found = findingsOf(validate(registry, { object }), 'calico/metadata');
    expect(found.map(({ path }) => formatPath(path))).toEqual(paths);
  });

  it('rejects a label that is a number', () => {
    const metadata = { name: 'a', labels: { a: 5 } };
    const object = { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkSet', metadata, spec: {} };
    expect(findingsOf(validate(registry, { object }), 'calico/wrong-type')).toHaveLength(1);
  });

  it('leaves the label of Calico alone, but on a set', () => {
    const metadata = { name: 'a', labels: { 'projectcalico.org/namespace': 'a' } };
    const message = (kind: string) =>
      validate(registry, {
        object: { apiVersion: 'projectcalico.org/v3', kind, metadata, spec: {} },
      }).findings.map(({ rule }) => rule);
    expect(message('GlobalNetworkSet')).toEqual(['calico/network-set-label']);
    expect(message('GlobalNetworkPolicy')).toEqual([]);
  });
});

const SPECLESS: Base<{ readonly object: object }> = { write: ({ object }) => [object], by: 'review' };
const v3 = (kind: string, more: object = {}) => ({
  object: { apiVersion: 'projectcalico.org/v3', kind, metadata: { name: 'default' }, ...more },
});
const stored = (kind: string, more: object = {}) => ({
  object: { apiVersion: 'crd.projectcalico.org/v1', kind, metadata: { name: 'default' }, ...more },
});
const LABELS = { metadata: { name: 'partners', labels: { role: 'partner' } } };

testRule('calico/spec-missing', 'warn', SPECLESS, {
  valid: [
    { name: 'there', ...v3('GlobalNetworkSet', { spec: {} }) },
    { name: 'only the name of what is to be deleted', ...v3('BGPPeer') },
    { name: 'and its namespace', ...v3('NetworkPolicy', { metadata: { name: 'a', namespace: 'b' } }) },
    { name: 'an older Calico', ...v3('FelixConfiguration'), versions: { calico: '3.31' } },
    { name: 'a CRD that accepts it', ...stored('GlobalNetworkSet', LABELS) },
    { name: 'one that names what is to be deleted', ...stored('Tier') },
    { name: 'the rule about its range reports it', ...v3('IPPool', LABELS) },
    { name: 'the rule about its controllers reports it', ...v3('KubeControllersConfiguration') },
  ],
  invalid: [
    { name: 'null', ...v3('GlobalNetworkSet', { spec: null }), found: ['spec'] },
    { name: 'more than a name', ...v3('GlobalNetworkSet', LABELS), found: ['spec'] },
    { name: 'what was not indented', ...v3('GlobalNetworkSet', { nets: ['192.0.2.0/24'] }), found: ['spec'] },
    {
      name: 'from an API server',
      ...v3('BGPPeer', { metadata: { name: 'a', uid: '7b0c4f0e-3f7e-4d8e-9a53-0f6d3f7f9f10' } }),
      found: ['spec'],
    },
    ...['BGPConfiguration', 'FelixConfiguration'].map((kind) => ({
      name: `${kind}, of which there is one`,
      ...v3(kind),
      found: ['spec'],
    })),
    { name: 'a CRD of the storage group', ...stored('Tier', LABELS), found: ['spec'] },
    { name: 'another of them', ...stored('FelixConfiguration'), found: ['spec'] },
  ],
});

testRule('calico/misspelt-field', 'warn', calico('GlobalNetworkPolicy'), {
  valid: [
    {
      name: 'of Calico Enterprise',
      spec: { egress: [{ action: 'Allow', destination: { domains: ['example.org'] } }] },
    },
  ],
  invalid: [
    {
      name: 'in a rule',
      spec: { ingress: [{ action: 'Allow', protcol: 'TCP' }] },
      found: [{ path: 'spec.ingress[0].protcol', says: 'write protocol' }],
    },
    {
      name: 'in a rule’s end',
      spec: { egress: [{ action: 'Allow', destination: { port: [80] } }] },
      found: [{ path: 'spec.egress[0].destination.port', says: 'write ports' }],
    },
  ],
});

describe('a spec that is no map', () => {
  it.each([
    ['HostEndpoint', 'node-1'],
    ['BGPPeer', 7],
    ['GlobalNetworkPolicy', []],
  ] as const)('of a %s has the wrong type, and nothing is missing in it', (kind, spec) => {
    const object = { apiVersion: 'projectcalico.org/v3', kind, metadata: { name: 'a' }, spec };
    expect(validate(registry, { object }).findings.map(({ rule }) => rule)).toEqual(['calico/wrong-type']);
  });
});
