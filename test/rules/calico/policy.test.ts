import { describe, expect, it } from 'vitest';
import { formatPath } from '../../../src/policy/field-path.ts';
import { findingsOf, validate } from '../../support/evaluate.ts';
import { registry } from '../../support/registry.ts';
import { testRule, testRules } from '../../support/rule-tester.ts';
import { calico } from './base.ts';

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
  testRules(`the findings of a ${kind}`, calico(kind), {
    valid: [
      { name: 'nothing', spec: {} },
      { name: 'deny all', spec: { types: ['Ingress', 'Egress'] } },
      { name: 'ports', spec: ports(80, '443', '8000:8100', 'metrics') },
      { name: 'named the ports have no protocol', spec: ingress({ destination: { ports: ['http'] } }) },
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
    ],
    invalid: [
      {
        name: 'words and a text for a number',
        spec: ingress({}, { order: '100', performanceHints: ['x'] }),
        found: ['deny calico/word spec.performanceHints[0]', 'deny calico/wrong-type spec.order'],
      },
      {
        name: 'a rule without an action',
        spec: { types: ['Ingress'], ingress: [{}] },
        found: ['deny calico/missing-field spec.ingress[0].action'],
      },
      {
        name: 'a null rule and a null range',
        spec: { ...ingress({ source: { nets: [null] } }), egress: [null], types: ['Ingress', 'Egress'] },
        found: [
          'deny calico/wrong-type spec.egress[0]',
          'deny calico/wrong-type spec.ingress[0].source.nets[0]',
        ],
      },
      {
        name: 'a range twice',
        spec: from({ nets: ['10.0.0.0/8', '10.0.0.0/8'] }),
        found: ['deny calico/limit spec.ingress[0].source.nets[1]'],
      },
      {
        name: 'a family of IP that there is not',
        spec: ingress({ ipVersion: 5 }),
        found: ['deny calico/word spec.ingress[0].ipVersion'],
      },
      {
        name: 'a type of ICMP that there is not',
        spec: ingress({ protocol: 'ICMP', icmp: { type: 255 } }),
        found: ['deny calico/number spec.ingress[0].icmp.type'],
      },
    ],
  });
}

testRule('calico/policy-port', 'deny', calico('NetworkPolicy'), {
  valid: [
    { name: 'valid values', spec: ports(1, 65_535, '80', '1:65535', '80:80', 'http', 'a-1') },
    { name: 'of the wrong type', spec: ports(80.5, true, {}) },
  ],
  invalid: [
    {
      name: 'the port of a list',
      yaml: `
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata:
          name: default
        spec:
          selector: role == 'db'
          types: [Ingress]
          ingress:
          - action: Allow
            protocol: TCP
            destination:
              ports: [80, 80-90, '443']
                          ^^^^^
      `,
      found: [{ path: 'spec.ingress[0].destination.ports[1]', says: 'write 80:90' }],
    },
    ...(
      [
        [0, 'invalid port'],
        [65_536, 'invalid port'],
        [-1, 'invalid port'],
        ['0', 'invalid port'],
        ['0:10', 'invalid port'],
        ['90:80', 'before its start'],
        ['80,443', 'listing all policies fails'],
        ['[443 9000]', 'listing all policies fails'],
        ['*', 'listing all policies fails'],
        ['', 'listing all policies fails'],
        ['80:90:100', 'listing all policies fails'],
        ['80-90', 'read as a name, but not a valid port name (got "80-90"); write 80:90'],
        ['HTTP', 'invalid port name'],
        ['web--1', 'invalid port name'],
        ['-web', 'invalid port name'],
        ['a-name-that-is-long', 'invalid port name'],
        ['-1', 'invalid port name'],
      ] as const
    ).map(([port, message]) => ({
      name: `${port}`,
      spec: ports(port),
      found: [{ path: 'spec.ingress[0].destination.ports[0]', says: message }],
    })),
    {
      name: 'ports of a source that it is not',
      spec: from({ notPorts: ['80,443'] }, { protocol: 'TCP' }),
      found: ['spec.ingress[0].source.notPorts[0]'],
    },
  ],
});

testRule('calico/policy-ports-need-protocol', 'deny', calico('GlobalNetworkPolicy'), {
  valid: [
    ...['TCP', 'udp', 'Sctp', 6, 17, 132, '6'].map((protocol) => ({
      name: `${protocol}`,
      spec: ingress({ protocol, destination: { ports: [80] } }),
    })),
    { name: 'names alone', spec: ingress({ destination: { ports: ['http', 'https'] } }) },
    { name: 'an empty list', spec: ingress({ protocol: 'ICMP', destination: { ports: [] } }) },
    // calico/policy-protocol reports it, and with a valid protocol the ports may be right.
    ...['GRE', 'UDP, TCP', 0, 256].map((protocol) => ({
      name: `no protocol, ${protocol}`,
      spec: ingress({ protocol, destination: { ports: ['http', 80] } }),
    })),
  ],
  invalid: [
    {
      name: 'the list is marked at its key',
      yaml: `
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata:
          name: default
        spec:
          types: [Ingress]
          ingress:
          - action: Allow
            destination:
              ports:
              ^^^^^
              - 80
      `,
      found: ['spec.ingress[0].destination.ports'],
    },
    {
      name: 'no protocol',
      spec: ingress({ destination: { ports: [80] } }),
      found: [{ path: 'spec.ingress[0].destination.ports', says: 'the ports have no protocol' }],
    },
    {
      name: 'a number among names',
      spec: ingress({ source: { notPorts: ['http', '80:90'] } }),
      found: ['spec.ingress[0].source.notPorts'],
    },
    ...['ICMP', 'UDPLite', 1, 47].map((protocol) => ({
      name: `${protocol}`,
      spec: ingress({ protocol, destination: { ports: ['http'] } }),
      found: [{ path: 'spec.ingress[0].destination.ports', says: 'the protocol of the rule has no ports' }],
    })),
    {
      name: 'a protocol of null',
      spec: ingress({ protocol: null, destination: { ports: [80] } }),
      found: ['spec.ingress[0].destination.ports'],
    },
  ],
});

testRule('calico/policy-protocol', 'deny', calico('NetworkPolicy'), {
  valid: [
    ...['TCP', 'tcp', 'UDPLite', 1, 255, '47'].map((protocol) => ({
      name: `${protocol}`,
      spec: ingress({ protocol, notProtocol: protocol }),
    })),
  ],
  invalid: [
    ...['ANY', 'GRE', '', ' TCP', 0, '0', '256', 256, -1].map((protocol) => ({
      name: `"${protocol}"`,
      spec: ingress({ protocol, notProtocol: protocol }),
      found: ['spec.ingress[0].protocol', 'spec.ingress[0].notProtocol'],
    })),
  ],
});

testRule('calico/policy-protocol-case', 'warn', calico('NetworkPolicy'), {
  valid: [{ name: 'as it is', spec: ingress({ protocol: 'ICMPv6' }) }],
  invalid: [
    {
      name: 'lower case',
      spec: ingress({ protocol: 'tcp' }),
      found: [{ path: 'spec.ingress[0].protocol', says: 'write TCP' }],
    },
    {
      name: 'upper case',
      spec: ingress({ notProtocol: 'ICMPV6' }),
      found: [{ path: 'spec.ingress[0].notProtocol', says: 'write ICMPv6' }],
    },
  ],
});

testRule('calico/policy-selector', 'deny', calico('NetworkPolicy'), {
  valid: [
    {
      name: 'valid values',
      spec: { ...from({ selector: 'all()', notSelector: ' ', namespaceSelector: 'global()' }) },
    },
  ],
  invalid: [
    { name: 'one equals sign', spec: { selector: "a='b'" }, found: ['spec.selector'] },
    {
      name: 'of service accounts',
      spec: { serviceAccountSelector: 'a' },
      found: ['spec.serviceAccountSelector'],
    },
    {
      name: 'everywhere in a rule',
      spec: from({
        selector: 'a',
        notSelector: 'a',
        namespaceSelector: 'a',
        serviceAccounts: { selector: 'a' },
      }),
      found: ['selector', 'notSelector', 'namespaceSelector', 'serviceAccounts.selector'].map(
        (field) => `spec.ingress[0].source.${field}`,
      ),
    },
    {
      name: 'a line break at the end',
      spec: { selector: 'all()\n' },
      found: [{ path: 'spec.selector', says: 'cannot contain a line break' }],
    },
    {
      name: 'a blank one',
      spec: { selector: ' \t' },
      found: [{ path: 'spec.selector', says: 'only spaces' }],
    },
    {
      name: 'a blank one in a rule',
      spec: egress({ destination: { selector: ' ' } }),
      found: ['spec.egress[0].destination.selector'],
    },
  ],
});

testRule('calico/policy-selector', 'deny', calico('GlobalNetworkPolicy'), {
  valid: [{ name: 'blank ones', spec: { ...from({ selector: ' ' }), selector: ' ' } }],
  invalid: [
    {
      name: 'a bad one for namespaces',
      spec: { namespaceSelector: "env = 'prod'" },
      found: ['spec.namespaceSelector'],
    },
    {
      name: 'a blank one with namespaces',
      spec: { selector: ' ', namespaceSelector: 'all()' },
      found: ['spec.selector'],
    },
    {
      name: 'a blank one with service accounts',
      spec: from({ selector: ' ', serviceAccounts: {} }),
      found: ['spec.ingress[0].source.selector'],
    },
  ],
});

testRule('calico/policy-global-selector', 'warn', calico('GlobalNetworkPolicy'), {
  valid: [{ name: 'where it belongs', spec: from({ namespaceSelector: ' global( ) ' }) }],
  invalid: [
    {
      name: 'of a policy',
      spec: { selector: 'global()', namespaceSelector: 'global()' },
      found: ['spec.selector', 'spec.namespaceSelector'],
    },
    {
      name: 'of a rule',
      spec: from({ selector: 'has(a) && global()' }),
      found: ['spec.ingress[0].source.selector'],
    },
    {
      name: 'beside others',
      spec: from({ namespaceSelector: '!global()' }),
      found: ['spec.ingress[0].source.namespaceSelector'],
    },
  ],
});

testRule('calico/policy-net', 'deny', calico('GlobalNetworkPolicy'), {
  valid: [
    {
      name: 'valid values',
      spec: from({
        nets: ['10.0.0.0/8', '10.0.0.1', '10.0.0.1/8', '10.0.0.0/08', '::/0'],
        notNets: ['0.0.0.0/0'],
      }),
    },
  ],
  invalid: [
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
      found: [
        { path: 'spec.ingress[0].source.nets[0]', says: 'ignores the restriction' },
        { path: 'spec.ingress[0].source.notNets[0]', says: 'ignores the exception' },
      ],
    })),
    {
      name: 'nothing',
      spec: egress({ destination: { nets: [''] } }),
      found: [{ path: 'spec.egress[0].destination.nets[0]', says: 'makes Felix panic;' }],
    },
  ],
});

testRule('calico/policy-net-form', 'warn', calico('GlobalNetworkPolicy'), {
  valid: [
    { name: 'valid values', spec: from({ nets: ['10.0.0.0/8', '10.0.0.1/32'], notNets: ['10.1.0.0/16'] }) },
    { name: 'everything', spec: from({ nets: ['0.0.0.0/0'] }) },
  ],
  invalid: [
    {
      name: 'host bits',
      spec: from({ nets: ['10.0.0.1/8'] }),
      found: [{ path: 'spec.ingress[0].source.nets[0]', says: 'write 10.0.0.0/8' }],
    },
    {
      name: 'an address',
      spec: from({ nets: ['2001:db8::1'] }),
      found: [{ path: 'spec.ingress[0].source.nets[0]', says: 'write 2001:db8::1/128' }],
    },
    {
      name: 'both families',
      spec: from({ nets: ['10.0.0.0/8', 'fd00::/8', 'fd01::/16'] }),
      found: [{ path: 'spec.ingress[0].source.nets[1]', says: 'IPv6 in a rule for IPv4' }],
    },
    {
      name: 'a family at each end',
      spec: ingress({ source: { nets: ['fd00::/8'] }, destination: { notNets: ['10.0.0.0/8'] } }),
      found: ['spec.ingress[0].destination.notNets[0]'],
    },
    {
      name: 'not the family of the rule',
      spec: from({ nets: ['10.0.0.0/8'] }, { ipVersion: 6 }),
      found: [{ path: 'spec.ingress[0].source.nets[0]', says: 'IPv4 in a rule for IPv6' }],
    },
    {
      name: 'an exception of everything',
      spec: from({ notNets: ['0::/0'] }),
      found: [{ path: 'spec.ingress[0].source.notNets[0]', says: 'matches no packet' }],
    },
  ],
});

testRule('calico/policy-action', 'deny', calico('NetworkPolicy'), {
  valid: [...['Allow', 'Deny', 'Log', 'Pass'].map((action) => ({ name: action, spec: ingress({ action }) }))],
  invalid: [
    { name: 'Accept', spec: ingress({ action: 'Accept' }), found: ['spec.ingress[0].action'] },
    {
      name: 'lower case',
      spec: egress({ action: 'deny' }),
      found: [
        { path: 'spec.egress[0].action', says: 'in Calico 3.32 and later (got "deny"); did you mean Deny?' },
      ],
    },
    { name: 'empty', spec: egress({ action: '' }), found: ['spec.egress[0].action'] },
  ],
});

testRule('calico/policy-types', 'deny', calico('GlobalNetworkPolicy'), {
  valid: [{ name: 'both', spec: { types: ['Ingress', 'Egress'] } }],
  invalid: [
    { name: 'lower case', spec: { types: ['ingress'] }, found: ['spec.types[0]'] },
    { name: 'none', spec: { types: [] }, found: ['spec.types'] },
    { name: 'twice', spec: { types: ['Egress', 'Egress'] }, found: ['spec.types[1]'] },
    { name: 'another', spec: { types: ['Ingress', 'Egress', 'Forward'] }, found: ['spec.types[2]'] },
  ],
});

testRule('calico/policy-icmp', 'deny', calico('GlobalNetworkPolicy'), {
  valid: [
    ...['ICMP', 'ICMPv6', 'icmp', 1, 58, '58'].map((protocol) => ({
      name: `${protocol}`,
      spec: ingress({ protocol, icmp: { type: 8 } }),
    })),
    { name: 'not this ICMP', spec: ingress({ notICMP: { type: 8 } }) },
  ],
  invalid: [
    {
      name: 'a code alone',
      spec: ingress({ protocol: 'ICMP', icmp: { code: 0 }, notICMP: { code: 0 } }),
      found: ['spec.ingress[0].icmp.code', 'spec.ingress[0].notICMP.code'],
    },
    { name: 'no protocol', spec: ingress({ icmp: { type: 8 } }), found: ['spec.ingress[0].icmp'] },
    { name: 'TCP', spec: ingress({ protocol: 'TCP', icmp: {} }), found: ['spec.ingress[0].icmp'] },
  ],
});

testRule('calico/policy-icmp-form', 'warn', calico('GlobalNetworkPolicy'), {
  valid: [{ name: 'not this ICMP, of ICMP', spec: ingress({ protocol: 'ICMP', notICMP: { type: 5 } }) }],
  invalid: [
    {
      name: 'not this ICMP, of nothing',
      spec: ingress({ notICMP: { type: 5 } }),
      found: ['spec.ingress[0].notICMP'],
    },
    {
      name: 'the other family',
      spec: ingress({ protocol: 'ICMP', ipVersion: 6, notProtocol: 58 }),
      found: [{ path: 'spec.ingress[0].protocol', says: 'write ipVersion: 4' }],
    },
    {
      name: 'the other family of what it is not',
      spec: ingress({ ipVersion: 4, notProtocol: 58 }),
      found: ['spec.ingress[0].notProtocol'],
    },
  ],
});

testRule('calico/policy-http', 'deny', calico('NetworkPolicy'), {
  valid: [{ name: 'allowed', spec: ingress({ http: { methods: ['GET'] } }) }],
  invalid: [
    { name: 'denied', spec: ingress({ action: 'Deny', http: {} }), found: ['spec.ingress[0].http'] },
    { name: 'over UDP', spec: ingress({ protocol: 'UDP', http: {} }), found: ['spec.ingress[0].http'] },
    {
      name: 'both',
      spec: ingress({ action: 'Log', protocol: 17, http: {} }),
      found: ['spec.ingress[0].http', 'spec.ingress[0].http'],
    },
  ],
});

testRule('calico/policy-http-form', 'warn', calico('NetworkPolicy'), {
  invalid: [
    { name: 'what goes out', spec: egress({ http: { methods: ['GET'] } }), found: ['spec.egress[0].http'] },
    {
      name: 'a method twice',
      spec: ingress({ http: { methods: ['GET', 'PUT', 'GET'] } }),
      found: ['spec.ingress[0].http.methods[2]'],
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
      found: ['paths[0]', 'paths[1]', 'paths[2].prefix', 'paths[3].exact', 'paths[4].exact'].map(
        (path) => `spec.ingress[0].http.${path}`,
      ),
    },
  ],
});

testRule('calico/policy-service', 'deny', calico('NetworkPolicy'), {
  valid: [
    { name: 'alone', spec: egress({ destination: { services: { name: 'a' }, ports: [] } }) },
    {
      name: 'as a source',
      spec: ingress({ protocol: 'TCP', source: { services: { name: 'a' }, ports: [80] } }),
    },
  ],
  invalid: [
    {
      name: 'with ports',
      spec: egress({
        protocol: 'TCP',
        destination: { services: { name: 'a' }, ports: [80], notPorts: [81] },
      }),
      found: ['spec.egress[0].destination.ports', 'spec.egress[0].destination.notPorts'],
    },
  ],
});

const SERVICE = { services: { name: 'a', namespace: 'b' } };
testRule('calico/policy-service-form', 'warn', calico('GlobalNetworkPolicy'), {
  valid: [
    {
      name: 'valid values',
      spec: {
        ...from(SERVICE),
        types: ['Ingress', 'Egress'],
        egress: [{ action: 'Allow', destination: { ...SERVICE, selector: '', nets: [] } }],
      },
    },
  ],
  invalid: [
    {
      name: 'no namespace',
      spec: from({ services: { name: 'a' } }),
      found: ['spec.ingress[0].source.services.namespace'],
    },
    {
      name: 'no name',
      spec: from({ services: { namespace: 'b' } }),
      found: ['spec.ingress[0].source.services.name'],
    },
    ...['Web', 'kubernetes/', '10.0.161.0/24', 'has(web)', 'web\n'].map((name) => ({
      name: `${JSON.stringify(name)} as the name`,
      spec: from({ services: { name, namespace: 'b' } }),
      found: [{ path: 'spec.ingress[0].source.services.name', got: name, says: 'no Service can have' }],
    })),
    {
      name: 'no name of a namespace',
      spec: from({ services: { name: 'a', namespace: 'Shop' } }),
      found: [{ path: 'spec.ingress[0].source.services.namespace', says: 'no namespace can have' }],
    },
    {
      name: 'the near side',
      spec: egress({ source: SERVICE }),
      found: [{ path: 'spec.egress[0].source.services', says: 'write it in destination' }],
    },
    {
      name: 'beside a selector',
      spec: from({ ...SERVICE, selector: 'all()' }),
      found: [{ path: 'spec.ingress[0].source.services', says: 'combined with selector' }],
    },
  ],
});
testRule('calico/policy-service-form', 'warn', calico('NetworkPolicy'), {
  valid: [{ name: 'its own namespace', spec: from({ services: { name: 'a' } }) }],
});

const HOSTS = {
  selector: 'has(host)',
  applyOnForward: true,
  types: ['Ingress'],
  ingress: [{ action: 'Deny' }],
};
testRule('calico/policy-host-endpoint', 'deny', calico('GlobalNetworkPolicy'), {
  valid: [
    { name: 'before DNAT', spec: { ...HOSTS, preDNAT: true } },
    { name: 'untracked', spec: { ...HOSTS, doNotTrack: true } },
  ],
  invalid: [
    { name: 'both', spec: { ...HOSTS, preDNAT: true, doNotTrack: true }, found: ['spec.preDNAT'] },
    {
      name: 'not on what is forwarded',
      spec: { ...HOSTS, doNotTrack: true, applyOnForward: false },
      found: ['spec.applyOnForward'],
    },
    {
      name: 'going out before DNAT',
      spec: { ...HOSTS, preDNAT: true, types: ['Ingress', 'Egress'], egress: [{ action: 'Deny' }] },
      found: ['spec.egress', 'spec.types'],
    },
  ],
});

testRule('calico/policy-without-effect', 'warn', calico('GlobalNetworkPolicy'), {
  valid: [
    { name: 'both', spec: { ...ingress({}), types: ['Ingress', 'Egress'], egress: [{ action: 'Allow' }] } },
    { name: 'in another case', spec: ingress({}, { types: ['ingress'] }) },
    { name: 'no types', spec: ingress({}, { types: null }) },
  ],
  invalid: [
    {
      name: 'rules without their type',
      spec: { ...ingress({}), egress: [{ action: 'Allow' }] },
      found: [{ path: 'spec.egress', says: 'add Egress to types' }],
    },
    {
      name: 'host endpoints of a namespace',
      spec: { ...HOSTS, preDNAT: true, namespaceSelector: 'all()' },
      found: ['spec.namespaceSelector'],
    },
  ],
});

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
    {
      name: 'before DNAT, where Felix has no egress',
      spec: { ...ingress({}, { types: null }), applyOnForward: true, preDNAT: true },
      paths: [],
    },
    {
      name: 'untracked, which has both',
      spec: { ...ingress({}, { types: null }), applyOnForward: true, doNotTrack: true },
      paths: ['spec.types'],
    },
    { name: 'none', spec: {}, paths: [] },
    { name: 'types', spec: ingress({}), paths: [] },
  ])('without types, as it is stored: $name', ({ spec, paths }) => {
    const found = findingsOf(validate(registry, stored(spec)), 'calico/policy-without-effect');
    expect(found.map(({ path }) => formatPath(path))).toEqual(paths);
  });
});

testRule('calico/policy-unreachable-rule', 'warn', calico('GlobalNetworkPolicy'), {
  valid: [
    { name: 'at the end', spec: { ingress: [{ action: 'Allow', protocol: 'TCP' }, { action: 'Deny' }] } },
    { name: 'one rule', spec: { egress: [{ action: 'Allow' }] } },
    { name: 'a Log without matches', spec: { ingress: [{ action: 'Log' }, { action: 'Deny' }] } },
    ...[
      { protocol: 'TCP' },
      { notProtocol: 'TCP' },
      { ipVersion: 4 },
      { icmp: {} },
      { http: {} },
      { source: { nets: ['10.0.0.0/8'] } },
      { source: { selector: '' } },
      { destination: { ports: [] } },
      { source: 'all()' },
      { madeUp: true },
    ].map((match) => ({
      name: JSON.stringify(match),
      spec: { ingress: [{ action: 'Deny', ...match }, { action: 'Allow' }] },
    })),
    ...['Drop', 1, null].map((action) => ({
      name: `the action ${action}`,
      spec: { ingress: [{ action }, { action: 'Allow' }] },
    })),
    { name: 'wrong types', spec: { ingress: [null, 'Deny', []], egress: { action: 'Deny' } } },
  ],
  invalid: [
    {
      name: 'the item is marked',
      yaml: `
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata:
          name: default
        spec:
          types: [Ingress]
          ingress:
          - action: Deny
            ^^^^^^
          - action: Allow
            protocol: TCP
      `,
      found: [
        {
          path: 'spec.ingress[0]',
          message:
            'the rule matches all traffic, so the rules after it never apply; move it to the end, or remove the rules after it',
        },
      ],
    },
    ...['allow', 'DENY', 'Pass', 'next-tier'].map((action) => ({
      name: `the action ${action}`,
      spec: { ingress: [{ action: 'Log' }, { action }, { action: 'Allow', protocol: 'TCP' }] },
      found: ['spec.ingress[1]'],
    })),
    ...[
      { metadata: { annotations: { reason: 'all' } } },
      { source: {}, destination: {} },
      { protocol: null, source: { nets: null } },
    ].map((nothing) => ({
      name: JSON.stringify(nothing),
      spec: { egress: [{ action: 'Allow', ...nothing }, { action: 'Deny' }] },
      found: ['spec.egress[0]'],
    })),
    {
      name: 'in both directions, the first each',
      spec: {
        ingress: [{ action: 'Deny' }, { action: 'Deny' }, { action: 'Log' }],
        egress: [{ action: 'Allow' }, { action: 'Deny' }],
      },
      found: ['spec.ingress[0]', 'spec.egress[0]'],
    },
  ],
});

testRule('calico/policy-name', 'warn', calico('GlobalNetworkPolicy'), {
  valid: [
    { name: 'one dot', metadataName: 'security.web', spec: {} },
    { name: 'as Kubernetes has it', metadataName: 'kanp.adminnetworkpolicy.a', spec: {} },
    { name: 'what is no name at all', metadataName: 'A.B.C', spec: {} },
  ],
  invalid: [
    { name: 'two dots', metadataName: 'a.b.c', spec: {}, found: ['metadata.name'] },
    { name: 'a tier', spec: { tier: 'Security' }, found: ['spec.tier'] },
    {
      name: 'annotations of a rule',
      spec: ingress({ metadata: { annotations: { 'a b': 'c', 'example.org/A': 'd' } } }),
      found: ['spec.ingress[0].metadata.annotations["a b"]'],
    },
  ],
});
testRule('calico/policy-name', 'warn', calico('NetworkPolicy'), {
  valid: [{ name: 'as Kubernetes has it', metadataName: 'knp.default.a.b', spec: {} }],
});

testRule('calico/policy-service-account', 'deny', calico('NetworkPolicy'), {
  valid: [{ name: 'names', spec: from({ serviceAccounts: { names: ['a', 'b.c'] } }) }],
  invalid: [
    {
      name: 'a quote',
      spec: from({ serviceAccounts: { names: ['a', "it's"] } }),
      found: ['spec.ingress[0].source.serviceAccounts.names[1]'],
    },
  ],
});

testRule('calico/staged-delete', 'warn', calico('StagedGlobalNetworkPolicy'), {
  valid: [
    {
      name: 'a deletion',
      spec: { stagedAction: 'Delete', tier: 'a', selector: '', doNotTrack: false, order: null },
    },
    { name: 'no deletion', spec: { stagedAction: 'Set', selector: 'all()' } },
  ],
  invalid: [{ name: 'with rules', spec: { stagedAction: 'Delete', ingress: [] }, found: ['spec.ingress'] }],
});
testRule('calico/word', 'deny', calico('StagedNetworkPolicy'), {
  invalid: [{ name: 'another action', spec: { stagedAction: 'set' }, found: ['spec.stagedAction'] }],
});

testRule('calico/next-release', 'warn', calico('GlobalNetworkPolicy'), {
  valid: [
    { name: 'a selector as long as may be', spec: { selector: `a == '${'b'.repeat(1017)}'` } },
    {
      name: 'one more, in a Calico that accepts it',
      spec: { selector: `a == '${'b'.repeat(1018)}'` },
      versions: { calico: '3.32' },
    },
  ],
  invalid: [
    {
      name: 'one more',
      spec: { selector: `a == '${'b'.repeat(1018)}'` },
      found: [
        { path: 'spec.selector', says: 'longer than 1024 characters, rejected by Calico 3.33 and later' },
      ],
    },
    {
      name: 'one more, in the Calico that does not',
      spec: { selector: `a == '${'b'.repeat(1018)}'` },
      versions: { calico: '3.33' },
      found: ['spec.selector'],
    },
    {
      name: 'an exception twice',
      spec: from({ notNets: ['10.0.0.0/8', '10.0.0.0/8'] }),
      found: ['spec.ingress[0].source.notNets[1]'],
    },
    {
      name: '51 ports',
      spec: ports(...Array.from({ length: 51 }, (_, index) => index + 1)),
      found: [{ path: 'spec.ingress[0].destination.ports', says: 'more than 50 entries' }],
    },
  ],
});
