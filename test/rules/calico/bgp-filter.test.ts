import { testRule, testRules } from '../../support/rule-tester.ts';
import { calico } from './base.ts';

const IN = { action: 'Accept', matchOperator: 'In', cidr: '10.244.0.0/16' };

function lengths(prefixLength: unknown, more: object = {}) {
  return { exportV4: [{ ...IN, prefixLength, ...more }] };
}

testRules('the findings of a BGPFilter', calico('BGPFilter'), {
  valid: [
    { name: 'nothing', spec: {} },
    {
      name: 'all of it',
      spec: { exportV4: [IN], importV4: [{ action: 'Reject' }], exportV6: null, importV6: [] },
    },
    {
      name: 'what 3.32 has',
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
  ],
  invalid: [
    {
      name: 'no action',
      spec: { exportV4: [{ interface: 'eth0' }] },
      found: ['deny calico/missing-field spec.exportV4[0].action'],
    },
    {
      name: 'an action of null',
      spec: { importV6: [{ action: null }] },
      found: ['deny calico/missing-field spec.importV6[0].action'],
    },
    {
      name: 'a rule of null',
      spec: { importV6: [null] },
      found: ['deny calico/wrong-type spec.importV6[0]'],
    },
    {
      name: 'another source',
      spec: { importV4: [{ action: 'Accept', source: 'remotePeers' }] },
      found: ['deny calico/word spec.importV4[0].source'],
    },
    {
      name: 'two communities, a priority of 0 and no operation',
      spec: {
        importV4: [
          { action: 'Accept', communities: { values: ['1:1', '1:2'] }, priority: 0, operations: [] },
        ],
      },
      found: [
        'deny calico/limit spec.importV4[0].communities.values',
        'deny calico/limit spec.importV4[0].operations',
        'deny calico/number spec.importV4[0].priority',
      ],
    },
    {
      name: 'a community without values',
      spec: { importV4: [{ action: 'Accept', communities: {} }] },
      found: ['deny calico/missing-field spec.importV4[0].communities.values'],
    },
  ],
});

testRule('calico/bgp-filter-word', 'deny', calico('BGPFilter'), {
  valid: [{ name: 'good words', spec: { exportV4: [IN] } }],
  invalid: [
    {
      name: 'lower case',
      spec: { importV6: [{ action: 'accept' }] },
      found: [{ path: 'spec.importV6[0].action', says: 'did you mean Accept?' }],
    },
    {
      name: 'an operator of YAML',
      spec: { exportV4: [{ ...IN, matchOperator: '==' }] },
      found: ['spec.exportV4[0].matchOperator'],
    },
  ],
});

testRule('calico/bgp-filter-range', 'deny', calico('BGPFilter'), {
  valid: [
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
  ],
  invalid: [
    {
      name: 'host bits',
      spec: { exportV4: [{ ...IN, cidr: '10.244.7.0/16' }] },
      found: [
        {
          path: 'spec.exportV4[0].cidr',
          says: 'bits are set beyond the prefix, so BIRD rejects it (got "10.244.7.0/16"); write 10.244.0.0/16',
        },
      ],
    },
    {
      name: 'host bits of IPv6',
      spec: { importV6: [{ ...IN, cidr: 'fd00::1/8' }] },
      found: ['spec.importV6[0].cidr'],
    },
    {
      name: 'the other family',
      spec: { exportV4: [{ ...IN, cidr: 'fd00::/8' }] },
      found: [{ path: 'spec.exportV4[0].cidr', says: 'move it to the V6 list' }],
    },
    {
      name: 'IPv4 among IPv6',
      spec: { importV6: [IN] },
      found: [{ path: 'spec.importV6[0].cidr', says: 'move it to the V4 list' }],
    },
    {
      name: 'IPv4 written as IPv6',
      spec: { exportV4: [{ ...IN, cidr: '::ffff:10.0.0.0/104' }] },
      found: ['spec.exportV4[0].cidr'],
    },
    {
      name: 'no length',
      spec: { exportV4: [{ ...IN, cidr: '10.0.0.1' }] },
      found: ['spec.exportV4[0].cidr'],
    },
    {
      name: 'no range',
      spec: { exportV4: [{ ...IN, cidr: '10.0.0.0/33' }] },
      found: ['spec.exportV4[0].cidr'],
    },
  ],
});

testRule('calico/bgp-filter-match', 'deny', calico('BGPFilter'), {
  valid: [
    { name: 'none', spec: { exportV4: [{ action: 'Reject' }] } },
    { name: 'both', spec: { exportV4: [IN] } },
    { name: 'lengths', spec: lengths({ min: 24, max: 26 }) },
    { name: 'one length', spec: lengths({ min: 24, max: 24 }) },
    { name: 'a min below the range', spec: lengths({ min: 0 }) },
    { name: '128 of IPv6', spec: { importV6: [{ ...IN, cidr: 'fd00::/8', prefixLength: { max: 128 } }] } },
  ],
  invalid: [
    {
      name: 'no operator',
      spec: { exportV4: [{ ...IN, matchOperator: null }] },
      found: ['spec.exportV4[0].matchOperator'],
    },
    { name: 'no range', spec: { exportV4: [{ ...IN, cidr: '' }] }, found: ['spec.exportV4[0].cidr'] },
    {
      name: 'lengths alone',
      spec: { importV6: [{ action: 'Accept', prefixLength: { min: 8 } }] },
      found: ['spec.importV6[0].cidr'],
    },
    {
      name: 'turned round',
      spec: lengths({ min: 26, max: 24 }),
      found: [{ path: 'spec.exportV4[0].prefixLength.max', says: 'shorter than min' }],
    },
    {
      name: 'a max below the range',
      spec: lengths({ max: 8 }),
      found: [{ path: 'spec.exportV4[0].prefixLength.max', says: 'shorter than the range itself' }],
    },
    {
      name: 'too long',
      spec: lengths({ max: 33 }),
      found: [{ path: 'spec.exportV4[0].prefixLength.max', says: 'use a value from 0 to 32' }],
    },
    { name: 'negative', spec: lengths({ min: -1 }), found: ['spec.exportV4[0].prefixLength.min'] },
    {
      name: '129 of IPv6',
      spec: { importV6: [{ ...IN, cidr: 'fd00::/8', prefixLength: { max: 129 } }] },
      found: ['spec.importV6[0].prefixLength.max'],
    },
  ],
});

testRule('calico/bgp-filter-interface', 'warn', calico('BGPFilter'), {
  valid: [
    ...['*', 'eth*', '*.calico', 'aaaaaaaaaaaaaaa', null].map((name) => ({
      name: `${name}`,
      spec: { exportV4: [{ action: 'Accept', interface: name }] },
    })),
  ],
  invalid: [
    ...['docker+', '^eth.*', 'eth0,eth1', 'eth 0', 'é'].map((name) => ({
      name,
      spec: { exportV4: [{ action: 'Accept', interface: name }] },
      found: ['spec.exportV4[0].interface'],
    })),
  ],
});

testRule('calico/bgp-filter-operation', 'deny', calico('BGPFilter'), {
  valid: [
    {
      name: 'one each',
      spec: { exportV4: [{ action: 'Accept', operations: [{ setPriority: { value: 1 } }] }] },
    },
  ],
  invalid: [
    {
      name: 'none',
      spec: { exportV4: [{ action: 'Accept', operations: [{}] }] },
      found: ['spec.exportV4[0].operations[0]'],
    },
    {
      name: 'two in one',
      spec: {
        exportV4: [
          { action: 'Accept', operations: [{ setPriority: { value: 1 }, addCommunity: { value: '1:1' } }] },
        ],
      },
      found: [{ path: 'spec.exportV4[0].operations[0]', says: 'more than one operation' }],
    },
    {
      name: 'of a route that is rejected',
      spec: { exportV4: [{ action: 'Reject', operations: [{ setPriority: { value: 1 } }] }] },
      found: ['spec.exportV4[0].operations'],
    },
    ...['65536:1', '1:65536', '065:1', '1', '1:2:3:4', '4294967296:1:1', ''].map((value) => ({
      name: `the community "${value}"`,
      spec: {
        importV4: [
          { action: 'Accept', communities: { values: [value] }, operations: [{ addCommunity: { value } }] },
        ],
      },
      found: ['spec.importV4[0].communities.values[0]', 'spec.importV4[0].operations[0].addCommunity.value'],
    })),
  ],
});

testRule('calico/as-number', 'deny', calico('BGPFilter'), {
  invalid: [
    {
      name: 'negative ones',
      spec: {
        importV4: [
          { action: 'Accept', asPathPrefix: [1, -1], operations: [{ prependASPath: { prefix: [-1] } }] },
        ],
      },
      found: ['spec.importV4[0].asPathPrefix[1]', 'spec.importV4[0].operations[0].prependASPath.prefix[0]'],
    },
  ],
});
