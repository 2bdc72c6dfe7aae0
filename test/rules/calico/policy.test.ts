import { describe, expect, it } from 'vitest';
import { formatPath } from '../../../src/policy/field-path.ts';
import { loadRegistry } from '../../../src/registry.ts';
import { judgementsOf, validate } from '../../support/judge.ts';
import { type Row, testRule, testVerdicts } from './table.ts';

const registry = loadRegistry();

/** A policy with one ingress rule, which allows and is otherwise as given. */
function ingress(rule: object, more: object = {}) {
  return { selector: "role == 'db'", types: ['Ingress'], ingress: [{ action: 'Allow', ...rule }], ...more };
}

function egress(rule: object, more: object = {}) {
  return { selector: "role == 'db'", types: ['Egress'], egress: [{ action: 'Allow', ...rule }], ...more };
}

function from(source: object, rule: object = {}) {
  return ingress({ source, ...rule });
}

/** A rule for TCP with these ports. */
function ports(...list: readonly unknown[]) {
  return ingress({ protocol: 'TCP', destination: { ports: list } });
}

for (const kind of [
  'NetworkPolicy',
  'StagedNetworkPolicy',
  'GlobalNetworkPolicy',
  'StagedGlobalNetworkPolicy',
] as const) {
  testVerdicts(kind, [
    { name: 'nothing', spec: {} },
    { name: 'deny all', spec: { types: ['Ingress', 'Egress'] } },
    { name: 'ports', spec: ports(80, '443', '8000:8100', 'metrics') },
    { name: 'named ports without a protocol', spec: ingress({ destination: { ports: ['http'] } }) },
    {
      name: 'a Service',
      spec: egress({ destination: { services: { name: 'dns', namespace: 'kube-system' } } }),
    },
    {
      name: 'ICMP',
      spec: ingress({
        protocol: 1,
        ipVersion: 4,
        icmp: { type: 8, code: 0 },
        source: { nets: ['0.0.0.0/0'] },
      }),
    },
    { name: 'HTTP', spec: ingress({ protocol: 6, http: { methods: ['GET'], paths: [{ exact: '/' }] } }) },
    { name: 'null', spec: { ingress: null, types: null, selector: null, order: null, tier: null } },
    {
      name: 'words and a text for a number',
      spec: ingress({}, { order: '100', performanceHints: ['x'] }),
      denied: ['order', 'performanceHints[0]'],
    },
    {
      name: 'a rule without an action',
      spec: { types: ['Ingress'], ingress: [{}] },
      denied: ['ingress[0].action'],
    },
    {
      name: 'a null rule and a null range',
      spec: { ...ingress({ source: { nets: [null] } }), egress: [null], types: ['Ingress', 'Egress'] },
      denied: ['egress[0]', 'ingress[0].source.nets[0]'],
    },
    {
      name: 'a range twice',
      spec: from({ nets: ['10.0.0.0/8', '10.0.0.0/8'] }),
      denied: ['ingress[0].source.nets[1]'],
    },
    {
      name: 'a family of IP that there is not',
      spec: ingress({ ipVersion: 5 }),
      denied: ['ingress[0].ipVersion'],
    },
    {
      name: 'a type of ICMP that there is not',
      spec: ingress({ protocol: 'ICMP', icmp: { type: 255 } }),
      denied: ['ingress[0].icmp.type'],
    },
  ]);
}

testRule('NetworkPolicy', 'calico/policy-port', 'deny', [
  { name: 'good ones', spec: ports(1, 65_535, '80', '1:65535', '80:80', 'http', 'a-1') },
  ...(
    [
      [0, 'not a port'],
      [65_536, 'not a port'],
      [-1, 'not a port'],
      ['0', 'not a port'],
      ['0:10', 'not a port'],
      ['90:80', 'ends before it begins'],
      ['80,443', 'the list of all policies fails'],
      ['[443 9000]', 'the list of all policies fails'],
      ['*', 'the list of all policies fails'],
      ['', 'the list of all policies fails'],
      ['80:90:100', 'the list of all policies fails'],
      ['80-90', 'read as a name, and no name of a port (got "80-90"); write 80:90'],
      ['HTTP', 'no name of a port'],
      ['web--1', 'no name of a port'],
      ['-web', 'no name of a port'],
      ['a-name-that-is-long', 'no name of a port'],
      ['-1', 'no name of a port'],
    ] as const
  ).map(
    ([port, said]): Row => ({
      name: `${port}`,
      spec: ports(port),
      paths: ['ingress[0].destination.ports[0]'],
      says: [said],
    }),
  ),
  {
    name: 'ports of a source that it is not',
    spec: from({ notPorts: ['80,443'] }, { protocol: 'TCP' }),
    paths: ['ingress[0].source.notPorts[0]'],
  },
  { name: 'of the wrong type', spec: ports(80.5, true, {}) },
]);

testRule('GlobalNetworkPolicy', 'calico/policy-ports-need-protocol', 'deny', [
  ...['TCP', 'udp', 'Sctp', 6, 17, 132, '6'].map((protocol) => ({
    name: `${protocol}`,
    spec: ingress({ protocol, destination: { ports: [80] } }),
  })),
  {
    name: 'no protocol',
    spec: ingress({ destination: { ports: [80] } }),
    paths: ['ingress[0].destination.ports'],
    says: ['ports without a protocol'],
  },
  { name: 'names alone', spec: ingress({ destination: { ports: ['http', 'https'] } }) },
  {
    name: 'a number among names',
    spec: ingress({ source: { notPorts: ['http', '80:90'] } }),
    paths: ['ingress[0].source.notPorts'],
  },
  ...['ICMP', 'UDPLite', 1, 'GRE'].map((protocol) => ({
    name: `${protocol}`,
    spec: ingress({ protocol, destination: { ports: ['http'] } }),
    paths: ['ingress[0].destination.ports'],
    says: ['of a protocol that has none'],
  })),
  { name: 'an empty list', spec: ingress({ protocol: 'ICMP', destination: { ports: [] } }) },
  {
    name: 'a protocol of null',
    spec: ingress({ protocol: null, destination: { ports: [80] } }),
    paths: ['ingress[0].destination.ports'],
  },
]);

testRule('NetworkPolicy', 'calico/policy-protocol', 'deny', [
  ...['TCP', 'tcp', 'UDPLite', 1, 255, '47'].map((protocol) => ({
    name: `${protocol}`,
    spec: ingress({ protocol, notProtocol: protocol }),
  })),
  ...['ANY', 'GRE', '', ' TCP', 0, '0', '256', 256, -1].map((protocol) => ({
    name: `"${protocol}"`,
    spec: ingress({ protocol, notProtocol: protocol }),
    paths: ['ingress[0].protocol', 'ingress[0].notProtocol'],
  })),
]);

testRule('NetworkPolicy', 'calico/policy-protocol-case', 'warn', [
  { name: 'as it is', spec: ingress({ protocol: 'ICMPv6' }) },
  {
    name: 'lower case',
    spec: ingress({ protocol: 'tcp' }),
    paths: ['ingress[0].protocol'],
    says: ['write TCP'],
  },
  {
    name: 'upper case',
    spec: ingress({ notProtocol: 'ICMPV6' }),
    paths: ['ingress[0].notProtocol'],
    says: ['write ICMPv6'],
  },
]);

testRule('NetworkPolicy', 'calico/policy-selector', 'deny', [
  {
    name: 'good ones',
    spec: { ...from({ selector: 'all()', notSelector: ' ', namespaceSelector: 'global()' }) },
  },
  { name: 'one equals sign', spec: { selector: "a='b'" }, paths: ['selector'] },
  { name: 'of service accounts', spec: { serviceAccountSelector: 'a' }, paths: ['serviceAccountSelector'] },
  {
    name: 'everywhere in a rule',
    spec: from({
      selector: 'a',
      notSelector: 'a',
      namespaceSelector: 'a',
      serviceAccounts: { selector: 'a' },
    }),
    paths: ['selector', 'notSelector', 'namespaceSelector', 'serviceAccounts.selector'].map(
      (field) => `ingress[0].source.${field}`,
    ),
  },
  {
    name: 'a line break at the end',
    spec: { selector: 'all()\n' },
    paths: ['selector'],
    says: ['takes no line break'],
  },
  { name: 'a blank one', spec: { selector: ' \t' }, paths: ['selector'], says: ['nothing but blanks'] },
  {
    name: 'a blank one in a rule',
    spec: egress({ destination: { selector: ' ' } }),
    paths: ['egress[0].destination.selector'],
  },
]);

testRule('GlobalNetworkPolicy', 'calico/policy-selector', 'deny', [
  { name: 'blank ones', spec: { ...from({ selector: ' ' }), selector: ' ' } },
  {
    name: 'a bad one for namespaces',
    spec: { namespaceSelector: "env = 'prod'" },
    paths: ['namespaceSelector'],
  },
  {
    name: 'a blank one with namespaces',
    spec: { selector: ' ', namespaceSelector: 'all()' },
    paths: ['selector'],
  },
  {
    name: 'a blank one with service accounts',
    spec: from({ selector: ' ', serviceAccounts: {} }),
    paths: ['ingress[0].source.selector'],
  },
]);

testRule('GlobalNetworkPolicy', 'calico/policy-global-selector', 'warn', [
  { name: 'where it belongs', spec: from({ namespaceSelector: ' global( ) ' }) },
  {
    name: 'of a policy',
    spec: { selector: 'global()', namespaceSelector: 'global()' },
    paths: ['selector', 'namespaceSelector'],
  },
  {
    name: 'of a rule',
    spec: from({ selector: 'has(a) && global()' }),
    paths: ['ingress[0].source.selector'],
  },
  {
    name: 'beside others',
    spec: from({ namespaceSelector: '!global()' }),
    paths: ['ingress[0].source.namespaceSelector'],
  },
]);

testRule('GlobalNetworkPolicy', 'calico/policy-net', 'deny', [
  {
    name: 'good ones',
    spec: from({
      nets: ['10.0.0.0/8', '10.0.0.1', '10.0.0.1/8', '10.0.0.0/08', '::/0'],
      notNets: ['0.0.0.0/0'],
    }),
  },
  ...[
    '10.0.0.0-10.0.0.9',
    '10.0.0.0/33',
    'web',
    '010.0.0.0/8',
    '10.0.0.0/8,fd00::/8',
    'fe80::1%eth0',
    ' ',
  ].map((net) => ({
    name: net,
    spec: from({ nets: [net], notNets: [net] }),
    paths: ['ingress[0].source.nets[0]', 'ingress[0].source.notNets[0]'],
    says: ['leaves the restriction out', 'leaves the exception out'],
  })),
  {
    name: 'nothing',
    spec: egress({ destination: { nets: [''] } }),
    paths: ['egress[0].destination.nets[0]'],
    says: ['makes Felix panic;'],
  },
]);

testRule('GlobalNetworkPolicy', 'calico/policy-net-form', 'warn', [
  { name: 'good ones', spec: from({ nets: ['10.0.0.0/8', '10.0.0.1/32'], notNets: ['10.1.0.0/16'] }) },
  {
    name: 'host bits',
    spec: from({ nets: ['10.0.0.1/8'] }),
    paths: ['ingress[0].source.nets[0]'],
    says: ['write 10.0.0.0/8'],
  },
  {
    name: 'an address',
    spec: from({ nets: ['2001:db8::1'] }),
    paths: ['ingress[0].source.nets[0]'],
    says: ['write 2001:db8::1/128'],
  },
  {
    name: 'both families',
    spec: from({ nets: ['10.0.0.0/8', 'fd00::/8', 'fd01::/16'] }),
    paths: ['ingress[0].source.nets[1]'],
    says: ['IPv6 in a rule for IPv4'],
  },
  {
    name: 'a family at each end',
    spec: ingress({ source: { nets: ['fd00::/8'] }, destination: { notNets: ['10.0.0.0/8'] } }),
    paths: ['ingress[0].destination.notNets[0]'],
  },
  {
    name: 'not the family of the rule',
    spec: from({ nets: ['10.0.0.0/8'] }, { ipVersion: 6 }),
    paths: ['ingress[0].source.nets[0]'],
    says: ['IPv4 in a rule for IPv6'],
  },
  {
    name: 'an exception of everything',
    spec: from({ notNets: ['0::/0'] }),
    paths: ['ingress[0].source.notNets[0]'],
    says: ['matches none'],
  },
  { name: 'everything', spec: from({ nets: ['0.0.0.0/0'] }) },
]);

testRule('NetworkPolicy', 'calico/policy-action', 'deny', [
  ...['Allow', 'Deny', 'Log', 'Pass'].map((action) => ({ name: action, spec: ingress({ action }) })),
  { name: 'Accept', spec: ingress({ action: 'Accept' }), paths: ['ingress[0].action'] },
  {
    name: 'lower case',
    spec: egress({ action: 'deny' }),
    paths: ['egress[0].action'],
    says: ['from Calico 3.32 on (got "deny"); did you mean Deny?'],
  },
  { name: 'empty', spec: egress({ action: '' }), paths: ['egress[0].action'] },
]);

testRule('GlobalNetworkPolicy', 'calico/policy-types', 'deny', [
  { name: 'both', spec: { types: ['Ingress', 'Egress'] } },
  { name: 'lower case', spec: { types: ['ingress'] }, paths: ['types[0]'] },
  { name: 'none', spec: { types: [] }, paths: ['types'] },
  { name: 'twice', spec: { types: ['Egress', 'Egress'] }, paths: ['types[1]'] },
  { name: 'another', spec: { types: ['Ingress', 'Egress', 'Forward'] }, paths: ['types[2]'] },
]);

testRule('GlobalNetworkPolicy', 'calico/policy-icmp', 'deny', [
  ...['ICMP', 'ICMPv6', 'icmp', 1, 58, '58'].map((protocol) => ({
    name: `${protocol}`,
    spec: ingress({ protocol, icmp: { type: 8 } }),
  })),
  {
    name: 'a code alone',
    spec: ingress({ protocol: 'ICMP', icmp: { code: 0 }, notICMP: { code: 0 } }),
    paths: ['ingress[0].icmp.code', 'ingress[0].notICMP.code'],
  },
  { name: 'no protocol', spec: ingress({ icmp: { type: 8 } }), paths: ['ingress[0].icmp'] },
  { name: 'TCP', spec: ingress({ protocol: 'TCP', icmp: {} }), paths: ['ingress[0].icmp'] },
  { name: 'not this ICMP', spec: ingress({ notICMP: { type: 8 } }) },
]);

testRule('GlobalNetworkPolicy', 'calico/policy-icmp-form', 'warn', [
  { name: 'not this ICMP, of ICMP', spec: ingress({ protocol: 'ICMP', notICMP: { type: 5 } }) },
  {
    name: 'not this ICMP, of nothing',
    spec: ingress({ notICMP: { type: 5 } }),
    paths: ['ingress[0].notICMP'],
  },
  {
    name: 'the other family',
    spec: ingress({ protocol: 'ICMP', ipVersion: 6, notProtocol: 58 }),
    paths: ['ingress[0].protocol'],
    says: ['write ipVersion: 4'],
  },
  {
    name: 'the other family of what it is not',
    spec: ingress({ ipVersion: 4, notProtocol: 58 }),
    paths: ['ingress[0].notProtocol'],
  },
]);

testRule('NetworkPolicy', 'calico/policy-http', 'deny', [
  { name: 'allowed', spec: ingress({ http: { methods: ['GET'] } }) },
  { name: 'denied', spec: ingress({ action: 'Deny', http: {} }), paths: ['ingress[0].http'] },
  { name: 'over UDP', spec: ingress({ protocol: 'UDP', http: {} }), paths: ['ingress[0].http'] },
  {
    name: 'both',
    spec: ingress({ action: 'Log', protocol: 17, http: {} }),
    paths: ['ingress[0].http', 'ingress[0].http'],
  },
]);

testRule('NetworkPolicy', 'calico/policy-http-form', 'warn', [
  { name: 'what goes out', spec: egress({ http: { methods: ['GET'] } }), paths: ['egress[0].http'] },
  {
    name: 'a method twice',
    spec: ingress({ http: { methods: ['GET', 'PUT', 'GET'] } }),
    paths: ['ingress[0].http.methods[2]'],
  },
  {
    name: 'paths',
    spec: ingress({
      http: {
        paths: [
          { exact: '/a', prefix: '/b' },
          {},
          { prefix: 'a' },
          { exact: '/a?b' },
          { exact: '/a b' },
          { prefix: '/' },
        ],
      },
    }),
    paths: ['paths[0]', 'paths[1]', 'paths[2].prefix', 'paths[3].exact', 'paths[4].exact'].map(
      (path) => `ingress[0].http.${path}`,
    ),
  },
]);

testRule('NetworkPolicy', 'calico/policy-service', 'deny', [
  { name: 'alone', spec: egress({ destination: { services: { name: 'a' }, ports: [] } }) },
  {
    name: 'with ports',
    spec: egress({ protocol: 'TCP', destination: { services: { name: 'a' }, ports: [80], notPorts: [81] } }),
    paths: ['egress[0].destination.ports', 'egress[0].destination.notPorts'],
  },
  {
    name: 'as a source',
    spec: ingress({ protocol: 'TCP', source: { services: { name: 'a' }, ports: [80] } }),
  },
]);

const SERVICE = { services: { name: 'a', namespace: 'b' } };
testRule('GlobalNetworkPolicy', 'calico/policy-service-form', 'warn', [
  {
    name: 'good ones',
    spec: {
      ...from(SERVICE),
      types: ['Ingress', 'Egress'],
      egress: [{ action: 'Allow', destination: { ...SERVICE, selector: '', nets: [] } }],
    },
  },
  {
    name: 'no namespace',
    spec: from({ services: { name: 'a' } }),
    paths: ['ingress[0].source.services.namespace'],
  },
  {
    name: 'no name',
    spec: from({ services: { namespace: 'b' } }),
    paths: ['ingress[0].source.services.name'],
  },
  {
    name: 'the near side',
    spec: egress({ source: SERVICE }),
    paths: ['egress[0].source.services'],
    says: ['write it in destination'],
  },
  {
    name: 'beside a selector',
    spec: from({ ...SERVICE, selector: 'all()' }),
    paths: ['ingress[0].source.services'],
    says: ['beside selector'],
  },
]);
testRule('NetworkPolicy', 'calico/policy-service-form', 'warn', [
  { name: 'its own namespace', spec: from({ services: { name: 'a' } }) },
]);

const HOSTS = {
  selector: 'has(host)',
  applyOnForward: true,
  types: ['Ingress'],
  ingress: [{ action: 'Deny' }],
};
testRule('GlobalNetworkPolicy', 'calico/policy-host-endpoint', 'deny', [
  { name: 'before DNAT', spec: { ...HOSTS, preDNAT: true } },
  { name: 'untracked', spec: { ...HOSTS, doNotTrack: true } },
  { name: 'both', spec: { ...HOSTS, preDNAT: true, doNotTrack: true }, paths: ['preDNAT'] },
  {
    name: 'not on what is forwarded',
    spec: { ...HOSTS, doNotTrack: true, applyOnForward: false },
    paths: ['applyOnForward'],
  },
  {
    name: 'going out before DNAT',
    spec: { ...HOSTS, preDNAT: true, types: ['Ingress', 'Egress'], egress: [{ action: 'Deny' }] },
    paths: ['egress', 'types'],
  },
]);

testRule('GlobalNetworkPolicy', 'calico/policy-without-effect', 'warn', [
  { name: 'both', spec: { ...ingress({}), types: ['Ingress', 'Egress'], egress: [{ action: 'Allow' }] } },
  {
    name: 'rules without their type',
    spec: { ...ingress({}), egress: [{ action: 'Allow' }] },
    paths: ['egress'],
    says: ['add Egress to them'],
  },
  { name: 'in another case', spec: ingress({}, { types: ['ingress'] }) },
  { name: 'no types', spec: ingress({}, { types: null }) },
  {
    name: 'host endpoints of a namespace',
    spec: { ...HOSTS, preDNAT: true, namespaceSelector: 'all()' },
    paths: ['namespaceSelector'],
  },
]);

describe('calico/policy-without-effect', () => {
  const stored = (spec: object) => ({
    object: {
      apiVersion: 'crd.projectcalico.org/v1',
      kind: 'GlobalNetworkPolicy',
      metadata: { name: 'a' },
      spec,
    },
  });
  it.each([
    { name: 'ingress rules', spec: ingress({}, { types: null }), paths: ['spec.types'] },
    { name: 'egress rules', spec: egress({}, { types: undefined }), paths: ['spec.types'] },
    { name: 'both', spec: { ...ingress({}, { types: null }), egress: [{ action: 'Allow' }] }, paths: [] },
    { name: 'none', spec: {}, paths: [] },
    { name: 'types', spec: ingress({}), paths: [] },
  ])('without types, as it is stored: $name', ({ spec, paths }) => {
    const found = judgementsOf(validate(registry, stored(spec)), 'calico/policy-without-effect');
    expect(found.map(({ path }) => formatPath(path))).toEqual(paths);
  });
});

testRule('GlobalNetworkPolicy', 'calico/policy-name', 'warn', [
  { name: 'one dot', metadataName: 'security.web', spec: {} },
  { name: 'two dots', metadataName: 'a.b.c', spec: {}, paths: ['/metadata.name'] },
  { name: 'as Kubernetes has it', metadataName: 'kanp.adminnetworkpolicy.a', spec: {} },
  { name: 'what is no name at all', metadataName: 'A.B.C', spec: {} },
  { name: 'a tier', spec: { tier: 'Security' }, paths: ['tier'] },
  {
    name: 'annotations of a rule',
    spec: ingress({ metadata: { annotations: { 'a b': 'c', 'example.org/A': 'd' } } }),
    paths: ['ingress[0].metadata.annotations["a b"]'],
  },
]);
testRule('NetworkPolicy', 'calico/policy-name', 'warn', [
  { name: 'as Kubernetes has it', metadataName: 'knp.default.a.b', spec: {} },
]);

testRule('NetworkPolicy', 'calico/policy-service-account', 'deny', [
  { name: 'names', spec: from({ serviceAccounts: { names: ['a', 'b.c'] } }) },
  {
    name: 'a quote',
    spec: from({ serviceAccounts: { names: ['a', "it's"] } }),
    paths: ['ingress[0].source.serviceAccounts.names[1]'],
  },
]);

testRule('StagedGlobalNetworkPolicy', 'calico/staged-delete', 'warn', [
  {
    name: 'a deletion',
    spec: { stagedAction: 'Delete', tier: 'a', selector: '', doNotTrack: false, order: null },
  },
  { name: 'with rules', spec: { stagedAction: 'Delete', ingress: [] }, paths: ['ingress'] },
  { name: 'no deletion', spec: { stagedAction: 'Set', selector: 'all()' } },
]);
testRule('StagedNetworkPolicy', 'calico/word', 'deny', [
  { name: 'another action', spec: { stagedAction: 'set' }, paths: ['stagedAction'] },
]);

testRule('GlobalNetworkPolicy', 'calico/next-release', 'warn', [
  { name: 'a selector as long as may be', spec: { selector: `a == '${'b'.repeat(1017)}'` } },
  {
    name: 'one more',
    spec: { selector: `a == '${'b'.repeat(1018)}'` },
    paths: ['selector'],
    says: ['longer than 1024 characters, refused from Calico 3.33 on'],
  },
  {
    name: 'one more, in a Calico that takes it',
    spec: { selector: `a == '${'b'.repeat(1018)}'` },
    versions: { calico: '3.32' },
  },
  {
    name: 'one more, in the Calico that does not',
    spec: { selector: `a == '${'b'.repeat(1018)}'` },
    versions: { calico: '3.33' },
    paths: ['selector'],
  },
  {
    name: 'an exception twice',
    spec: from({ notNets: ['10.0.0.0/8', '10.0.0.0/8'] }),
    paths: ['ingress[0].source.notNets[1]'],
  },
  {
    name: '51 ports',
    spec: ports(...Array.from({ length: 51 }, (_, index) => index + 1)),
    paths: ['ingress[0].destination.ports'],
    says: ['more than 50 entries'],
  },
]);
