import { type Row, testRule, testVerdicts } from './table.ts';

const IN = { action: 'Accept', matchOperator: 'In', cidr: '10.244.0.0/16' };

function lengths(prefixLength: unknown, more: object = {}) {
  return { exportV4: [{ ...IN, prefixLength, ...more }] };
}

testVerdicts('BGPFilter', [
  { name: 'nothing', spec: {} },
  {
    name: 'all of it',
    spec: { exportV4: [IN], importV4: [{ action: 'Reject' }], exportV6: null, importV6: [] },
  },
  {
    name: 'what 3.32 knows',
    spec: {
      exportV4: [
        {
          ...IN,
          peerType: 'eBGP',
          source: 'RemotePeers',
          interface: 'eth*',
          communities: { values: ['65535:0'] },
          asPathPrefix: [64_512],
          priority: 1,
          operations: [
            { addCommunity: { value: '1:2:3' } },
            { prependASPath: { prefix: [64_512] } },
            { setPriority: { value: 7 } },
          ],
        },
      ],
    },
  },
  { name: 'no action', spec: { exportV4: [{ interface: 'eth0' }] }, denied: ['exportV4[0].action'] },
  { name: 'an action of null', spec: { importV6: [{ action: null }] }, denied: ['importV6[0].action'] },
  { name: 'a rule of null', spec: { importV6: [null] }, denied: ['importV6[0]'] },
  {
    name: 'another source',
    spec: { importV4: [{ action: 'Accept', source: 'remotePeers' }] },
    denied: ['importV4[0].source'],
  },
  {
    name: 'two communities, a priority of 0 and no operation',
    spec: {
      importV4: [{ action: 'Accept', communities: { values: ['1:1', '1:2'] }, priority: 0, operations: [] }],
    },
    denied: ['importV4[0].communities.values', 'importV4[0].priority', 'importV4[0].operations'],
  },
  {
    name: 'a community without values',
    spec: { importV4: [{ action: 'Accept', communities: {} }] },
    denied: ['importV4[0].communities.values'],
  },
]);

testRule('BGPFilter', 'calico/bgp-filter-word', 'deny', [
  { name: 'good words', spec: { exportV4: [IN] } },
  {
    name: 'lower case',
    spec: { importV6: [{ action: 'accept' }] },
    paths: ['importV6[0].action'],
    says: ['did you mean Accept?'],
  },
  {
    name: 'an operator of YAML',
    spec: { exportV4: [{ ...IN, matchOperator: '==' }] },
    paths: ['exportV4[0].matchOperator'],
  },
]);

testRule('BGPFilter', 'calico/bgp-filter-range', 'deny', [
  { name: 'IPv4', spec: { exportV4: [IN, { ...IN, cidr: '0.0.0.0/0' }] } },
  {
    name: 'IPv6',
    spec: {
      importV6: [
        { ...IN, cidr: 'fd00::/8' },
        { ...IN, cidr: 'FD00:0::/8' },
      ],
    },
  },
  {
    name: 'host bits',
    spec: { exportV4: [{ ...IN, cidr: '10.244.7.0/16' }] },
    paths: ['exportV4[0].cidr'],
    says: ['bits are set beyond the prefix, and BIRD refuses it (got "10.244.7.0/16"); write 10.244.0.0/16'],
  },
  {
    name: 'host bits of IPv6',
    spec: { importV6: [{ ...IN, cidr: 'fd00::1/8' }] },
    paths: ['importV6[0].cidr'],
  },
  {
    name: 'the other family',
    spec: { exportV4: [{ ...IN, cidr: 'fd00::/8' }] },
    paths: ['exportV4[0].cidr'],
    says: ['move it to the V6 list'],
  },
  {
    name: 'IPv4 among IPv6',
    spec: { importV6: [IN] },
    paths: ['importV6[0].cidr'],
    says: ['move it to the V4 list'],
  },
  {
    name: 'IPv4 written as IPv6',
    spec: { exportV4: [{ ...IN, cidr: '::ffff:10.0.0.0/104' }] },
    paths: ['exportV4[0].cidr'],
  },
  { name: 'no length', spec: { exportV4: [{ ...IN, cidr: '10.0.0.1' }] }, paths: ['exportV4[0].cidr'] },
  { name: 'no range', spec: { exportV4: [{ ...IN, cidr: '10.0.0.0/33' }] }, paths: ['exportV4[0].cidr'] },
]);

const MATCHES: readonly Row[] = [
  { name: 'none', spec: { exportV4: [{ action: 'Reject' }] } },
  { name: 'both', spec: { exportV4: [IN] } },
  {
    name: 'no operator',
    spec: { exportV4: [{ ...IN, matchOperator: null }] },
    paths: ['exportV4[0].matchOperator'],
  },
  { name: 'no range', spec: { exportV4: [{ ...IN, cidr: '' }] }, paths: ['exportV4[0].cidr'] },
  {
    name: 'lengths alone',
    spec: { importV6: [{ action: 'Accept', prefixLength: { min: 8 } }] },
    paths: ['importV6[0].cidr'],
  },
  { name: 'lengths', spec: lengths({ min: 24, max: 26 }) },
  { name: 'one length', spec: lengths({ min: 24, max: 24 }) },
  { name: 'a min below the range', spec: lengths({ min: 0 }) },
  {
    name: 'turned round',
    spec: lengths({ min: 26, max: 24 }),
    paths: ['exportV4[0].prefixLength.max'],
    says: ['shorter than min'],
  },
  {
    name: 'a max below the range',
    spec: lengths({ max: 8 }),
    paths: ['exportV4[0].prefixLength.max'],
    says: ['shorter than the range itself'],
  },
  {
    name: 'too long',
    spec: lengths({ max: 33 }),
    paths: ['exportV4[0].prefixLength.max'],
    says: ['write 0 to 32'],
  },
  { name: 'negative', spec: lengths({ min: -1 }), paths: ['exportV4[0].prefixLength.min'] },
  { name: '128 of IPv6', spec: { importV6: [{ ...IN, cidr: 'fd00::/8', prefixLength: { max: 128 } }] } },
  {
    name: '129 of IPv6',
    spec: { importV6: [{ ...IN, cidr: 'fd00::/8', prefixLength: { max: 129 } }] },
    paths: ['importV6[0].prefixLength.max'],
  },
];
testRule('BGPFilter', 'calico/bgp-filter-match', 'deny', MATCHES);

testRule('BGPFilter', 'calico/bgp-filter-interface', 'warn', [
  ...['*', 'eth*', '*.calico', 'aaaaaaaaaaaaaaa', null].map((name) => ({
    name: `${name}`,
    spec: { exportV4: [{ action: 'Accept', interface: name }] },
  })),
  ...['docker+', '^eth.*', 'eth0,eth1', 'eth 0', 'é'].map((name) => ({
    name,
    spec: { exportV4: [{ action: 'Accept', interface: name }] },
    paths: ['exportV4[0].interface'],
  })),
]);

testRule('BGPFilter', 'calico/bgp-filter-operation', 'deny', [
  {
    name: 'one each',
    spec: { exportV4: [{ action: 'Accept', operations: [{ setPriority: { value: 1 } }] }] },
  },
  {
    name: 'none',
    spec: { exportV4: [{ action: 'Accept', operations: [{}] }] },
    paths: ['exportV4[0].operations[0]'],
  },
  {
    name: 'two in one',
    spec: {
      exportV4: [
        { action: 'Accept', operations: [{ setPriority: { value: 1 }, addCommunity: { value: '1:1' } }] },
      ],
    },
    paths: ['exportV4[0].operations[0]'],
    says: ['more than one operation'],
  },
  {
    name: 'of a route that is rejected',
    spec: { exportV4: [{ action: 'Reject', operations: [{ setPriority: { value: 1 } }] }] },
    paths: ['exportV4[0].operations'],
  },
  ...['65536:1', '1:65536', '065:1', '1', '1:2:3:4', '4294967296:1:1', ''].map((value) => ({
    name: `the community "${value}"`,
    spec: {
      importV4: [
        { action: 'Accept', communities: { values: [value] }, operations: [{ addCommunity: { value } }] },
      ],
    },
    paths: ['importV4[0].communities.values[0]', 'importV4[0].operations[0].addCommunity.value'],
  })),
]);

testRule('BGPFilter', 'calico/as-number', 'deny', [
  {
    name: 'negative ones',
    spec: {
      importV4: [
        { action: 'Accept', asPathPrefix: [1, -1], operations: [{ prependASPath: { prefix: [-1] } }] },
      ],
    },
    paths: ['importV4[0].asPathPrefix[1]', 'importV4[0].operations[0].prependASPath.prefix[0]'],
  },
]);
