import { describe, expect, it } from 'vitest';
import { findingsOf, validate } from '../../support/evaluate.ts';
import { registry } from '../../support/registry.ts';
import { testRule, testRules } from '../../support/rule-tester.ts';
import { calico, resource } from './base.ts';

const POOL = { cidr: '10.244.0.0/16' };
const BALANCERS = { cidr: '1.0.0.0/10', allowedUses: ['LoadBalancer'] };

// The cases of Calico's own validator_test and of its CRD, one by one.
testRules('the findings of an IPPool', calico('IPPool'), {
  valid: [
    {
      name: 'as it should be',
      yaml: `
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata:
          name: default
        spec:
          cidr: 10.244.0.0/16
          vxlanMode: CrossSubnet
          natOutgoing: true
      `,
    },
    { name: 'IPv4 /26', spec: { cidr: '1.2.3.0/26' } },
    { name: 'IPv4 /10', spec: { cidr: '1.0.0.0/10' } },
    { name: 'IPv6 /122', spec: { cidr: 'aabb:aabb::0000/122', ipipMode: 'Never', vxlanMode: 'Never' } },
    { name: 'IPv6 /10', spec: { cidr: 'aa00:0000::0000/10', ipipMode: 'Never', vxlanMode: 'Never' } },
    { name: 'disabled IPv4 /27', spec: { cidr: '1.2.3.0/27', disabled: true } },
    { name: 'disabled IPv6 /128', spec: { cidr: 'aabb:aabb::ffff/128', disabled: true } },
    { name: 'beside the link-local range', spec: { cidr: '169.253.0.0/16' } },
    { name: 'VXLAN with IPv6', spec: { cidr: 'fd00:1234::/64', vxlanMode: 'Always' } },
    { name: 'IP-in-IP', spec: { ...POOL, ipipMode: 'CrossSubnet', natOutgoing: true } },
    {
      name: 'one encapsulation and Never',
      spec: { ...POOL, ipipMode: 'Never', vxlanMode: 'Always', natOutgoing: true },
    },
    { name: 'null as mode', spec: { ...POOL, vxlanMode: null, ipipMode: null } },
    { name: 'Automatic', spec: { ...POOL, assignmentMode: 'Automatic' } },
    { name: 'Manual', spec: { ...POOL, assignmentMode: 'Manual' } },
    { name: 'IPv4 blockSize 20', spec: { cidr: '10.0.0.0/8', blockSize: 20 } },
    { name: 'IPv4 blockSize 32', spec: { cidr: '10.0.0.0/8', blockSize: 32 } },
    { name: 'blockSize 0 is the default', spec: { cidr: '10.0.0.0/8', blockSize: 0 } },
    { name: 'null as blockSize', spec: { cidr: '10.0.0.0/8', blockSize: null } },
    { name: 'IPv6 blockSize 116', spec: { cidr: 'fd00::/64', blockSize: 116 } },
    { name: 'IPv6 blockSize 128', spec: { cidr: 'fd00::/64', blockSize: 128 } },
    { name: 'a pool of one block', spec: { cidr: '10.0.0.0/26' } },
    { name: 'a small pool with a small block', spec: { cidr: '192.168.1.96/29', blockSize: 30 } },
    { name: 'uses', spec: { ...POOL, allowedUses: ['Workload', 'Tunnel'] } },
    { name: 'no uses', spec: { ...POOL, allowedUses: [] } },
    { name: 'LoadBalancer', spec: BALANCERS },
    { name: 'LoadBalancer for all nodes', spec: { ...BALANCERS, nodeSelector: 'all()' } },
    { name: 'LoadBalancer and Never', spec: { ...BALANCERS, ipipMode: 'Never', vxlanMode: 'Never' } },
    {
      name: 'Workload for some namespaces',
      spec: { ...POOL, allowedUses: ['Workload'], namespaceSelector: 'region == "east"' },
    },
    {
      name: 'no written use for some namespaces, as the CRD accepts it',
      spec: { ...POOL, namespaceSelector: 'region == "east"' },
    },
    { name: 'global() in a value', spec: { ...POOL, nodeSelector: 'a == "global()"' } },
    { name: 'a nodeSelector', spec: { ...POOL, nodeSelector: 'foo == "bar"' } },
    { name: 'an empty nodeSelector', spec: { ...POOL, nodeSelector: '' } },
  ],
  invalid: [
    {
      name: 'two encapsulations, and a range with host bits',
      yaml: `
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata:
          name: default
        spec:
          cidr: 10.244.7.0/16
                ^^^^^^^^^^^^^
          ipipMode: CrossSubnet
                    ^^^^^^^^^^^
          vxlanMode: Always
                     ^^^^^^
          natOutgoing: true
      `,
      found: [
        'deny calico/ippool-cidr spec.cidr',
        'deny calico/ippool-encapsulation spec.ipipMode',
        'deny calico/ippool-encapsulation spec.vxlanMode',
      ],
    },
    { name: 'IPv4 /27', spec: { cidr: '1.2.3.0/27' }, found: ['deny calico/ippool-block-size spec.cidr'] },
    {
      name: 'IPv6 /128',
      spec: { cidr: 'aabb:aabb::ffff/128' },
      found: ['deny calico/ippool-block-size spec.cidr'],
    },
    { name: 'IPv4 /33', spec: { cidr: '1.2.3.4/33' }, found: ['deny calico/ippool-cidr spec.cidr'] },
    { name: 'IPv6 /129', spec: { cidr: 'aa:bb::/129' }, found: ['deny calico/ippool-cidr spec.cidr'] },
    { name: 'no range', spec: { cidr: 'garbage' }, found: ['deny calico/ippool-cidr spec.cidr'] },
    { name: 'an address', spec: { cidr: '1.2.3.4' }, found: ['deny calico/ippool-cidr spec.cidr'] },
    { name: 'an empty range', spec: { cidr: '' }, found: ['deny calico/ippool-cidr spec.cidr'] },
    { name: 'null as range', spec: { cidr: null }, found: ['deny calico/ippool-cidr spec.cidr'] },
    { name: 'a number as range', spec: { cidr: 10 }, found: ['deny calico/wrong-type spec.cidr'] },
    { name: 'nothing', spec: {}, found: ['deny calico/ippool-cidr spec.cidr'] },
    { name: 'host bits', spec: { cidr: '192.168.0.1/24' }, found: ['deny calico/ippool-cidr spec.cidr'] },
    {
      name: 'host bits with IPv6',
      spec: { cidr: 'fd00::1/64' },
      found: ['deny calico/ippool-cidr spec.cidr'],
    },
    {
      name: 'IPv4 link-local',
      spec: { cidr: '169.254.5.0/24' },
      found: ['deny calico/ippool-link-local spec.cidr'],
    },
    {
      name: 'IPv6 link-local',
      spec: { cidr: 'fe80::/120' },
      found: ['deny calico/ippool-link-local spec.cidr'],
    },
    { name: 'all of IPv4', spec: { cidr: '0.0.0.0/0' }, found: ['deny calico/ippool-link-local spec.cidr'] },
    { name: 'all of IPv6', spec: { cidr: '::/0' }, found: ['deny calico/ippool-link-local spec.cidr'] },
    {
      name: 'IP-in-IP with a small IPv6 pool',
      spec: { cidr: 'aabb:aabb::ffff/128', ipipMode: 'Always', vxlanMode: 'Never' },
      found: ['deny calico/ippool-block-size spec.cidr', 'deny calico/ippool-encapsulation spec.ipipMode'],
    },
    {
      name: 'IP-in-IP with IPv6',
      spec: { cidr: 'fd00:1234::/64', ipipMode: 'CrossSubnet' },
      found: ['deny calico/ippool-encapsulation spec.ipipMode'],
    },
    {
      name: 'both encapsulations',
      spec: { ...POOL, ipipMode: 'CrossSubnet', vxlanMode: 'Always' },
      found: [
        'deny calico/ippool-encapsulation spec.ipipMode',
        'deny calico/ippool-encapsulation spec.vxlanMode',
        'warn calico/ippool-nat-outgoing spec.natOutgoing',
      ],
    },
    {
      name: 'a mode in lower case',
      spec: { ...POOL, ipipMode: 'always' },
      found: ['deny calico/ippool-mode spec.ipipMode'],
    },
    {
      name: 'a mode of calico-node',
      spec: { ...POOL, ipipMode: 'Off' },
      found: ['deny calico/ippool-mode spec.ipipMode'],
    },
    {
      name: 'an empty mode',
      spec: { ...POOL, vxlanMode: '' },
      found: ['deny calico/ippool-mode spec.vxlanMode'],
    },
    {
      name: 'true as mode',
      spec: { ...POOL, vxlanMode: true },
      found: ['deny calico/wrong-type spec.vxlanMode'],
    },
    {
      name: 'an unknown assignmentMode',
      spec: { ...POOL, assignmentMode: 'automatic' },
      found: ['deny calico/ippool-mode spec.assignmentMode'],
    },
    {
      name: 'an empty assignmentMode',
      spec: { ...POOL, assignmentMode: '' },
      found: ['deny calico/ippool-mode spec.assignmentMode'],
    },
    {
      name: 'IPv4 blockSize 19',
      spec: { cidr: '10.0.0.0/8', blockSize: 19 },
      found: ['deny calico/ippool-block-size spec.blockSize'],
    },
    {
      name: 'IPv4 blockSize 33',
      spec: { cidr: '10.0.0.0/8', blockSize: 33 },
      found: ['deny calico/ippool-block-size spec.blockSize'],
    },
    {
      name: 'blockSize 0 of a small pool',
      spec: { cidr: '10.0.0.0/27', blockSize: 0 },
      found: ['deny calico/ippool-block-size spec.cidr'],
    },
    {
      name: 'a negative blockSize',
      spec: { cidr: '10.0.0.0/8', blockSize: -1 },
      found: ['deny calico/ippool-block-size spec.blockSize'],
    },
    {
      name: 'half a blockSize',
      spec: { cidr: '10.0.0.0/8', blockSize: 25.5 },
      found: ['deny calico/wrong-type spec.blockSize'],
    },
    {
      name: 'text as blockSize',
      spec: { cidr: '10.0.0.0/8', blockSize: '26' },
      found: ['deny calico/wrong-type spec.blockSize'],
    },
    {
      name: 'IPv6 blockSize 115',
      spec: { cidr: 'fd00::/64', blockSize: 115 },
      found: ['deny calico/ippool-block-size spec.blockSize'],
    },
    {
      name: 'IPv6 blockSize 129',
      spec: { cidr: 'fd00::/64', blockSize: 129 },
      found: ['deny calico/ippool-block-size spec.blockSize'],
    },
    {
      name: 'IPv6 blockSize of IPv4',
      spec: { cidr: 'fd00::/64', blockSize: 26 },
      found: ['deny calico/ippool-block-size spec.blockSize'],
    },
    {
      name: 'a pool smaller than its block',
      spec: { cidr: '1.2.3.0/26', blockSize: 25 },
      found: ['deny calico/ippool-block-size spec.cidr'],
    },
    {
      name: 'disabled with a wrong block',
      spec: { ...POOL, blockSize: 19, disabled: true },
      found: ['deny calico/ippool-block-size spec.blockSize'],
    },
    {
      name: 'an unknown use',
      spec: { ...POOL, allowedUses: ['Garbage'] },
      found: ['deny calico/ippool-allowed-uses spec.allowedUses[0]'],
    },
    {
      name: 'a use twice',
      spec: { ...POOL, allowedUses: ['Tunnel', 'Tunnel'] },
      found: ['deny calico/ippool-allowed-uses spec.allowedUses[1]'],
    },
    {
      name: 'LoadBalancer with others',
      spec: { ...POOL, allowedUses: ['Workload', 'LoadBalancer', 'Tunnel'] },
      found: [
        'deny calico/ippool-allowed-uses spec.allowedUses[0]',
        'deny calico/ippool-allowed-uses spec.allowedUses[2]',
      ],
    },
    {
      name: 'LoadBalancer with IP-in-IP',
      spec: { ...BALANCERS, ipipMode: 'Always' },
      found: ['deny calico/ippool-load-balancer spec.ipipMode'],
    },
    {
      name: 'LoadBalancer with VXLAN',
      spec: { ...BALANCERS, vxlanMode: 'Always' },
      found: ['deny calico/ippool-load-balancer spec.vxlanMode'],
    },
    {
      name: 'LoadBalancer without BGP',
      spec: { ...BALANCERS, disableBGPExport: true },
      found: ['deny calico/ippool-load-balancer spec.disableBGPExport'],
    },
    {
      name: 'LoadBalancer for no nodes',
      spec: { ...BALANCERS, nodeSelector: '!all()' },
      found: ['deny calico/ippool-load-balancer spec.nodeSelector'],
    },
    {
      name: 'LoadBalancer for some nodes',
      spec: { ...BALANCERS, nodeSelector: 'has(edge)' },
      found: ['deny calico/ippool-load-balancer spec.nodeSelector'],
    },
    {
      name: 'Tunnel for some namespaces',
      spec: { ...POOL, allowedUses: ['Tunnel'], namespaceSelector: 'region == "east"' },
      found: ['deny calico/ippool-allowed-uses spec.namespaceSelector'],
    },
    {
      name: 'global() as nodeSelector',
      spec: { ...POOL, nodeSelector: 'global()' },
      found: ['deny calico/ippool-selector spec.nodeSelector'],
    },
    {
      name: 'global() as namespaceSelector',
      spec: { ...POOL, namespaceSelector: 'global()' },
      found: ['deny calico/ippool-selector spec.namespaceSelector'],
    },
    {
      name: 'global() among others',
      spec: { ...POOL, nodeSelector: 'has(a) || global()' },
      found: ['deny calico/ippool-selector spec.nodeSelector'],
    },
    {
      name: 'a long nodeSelector',
      spec: { ...POOL, nodeSelector: `has(${'a'.repeat(1020)})` },
      found: ['deny calico/ippool-selector spec.nodeSelector'],
    },
    {
      name: 'no selector',
      spec: { ...POOL, nodeSelector: 'this is not valid' },
      found: ['deny calico/ippool-selector spec.nodeSelector'],
    },
    {
      name: 'a line break',
      spec: { ...POOL, nodeSelector: 'all()\n' },
      found: ['deny calico/ippool-selector spec.nodeSelector'],
    },
    {
      name: 'no namespaceSelector',
      spec: { ...POOL, namespaceSelector: 'a=b' },
      found: ['deny calico/ippool-selector spec.namespaceSelector'],
    },
  ],
});

testRule('calico/ippool-cidr', 'deny', calico('IPPool'), {
  valid: [{ name: 'capital letters', spec: { cidr: 'FD00:0:0::/64' } }],
  invalid: [
    {
      name: 'nothing',
      spec: {},
      found: [{ path: 'spec.cidr', says: 'the range of the pool is missing; write a range' }],
    },
    {
      name: 'host bits',
      spec: { cidr: '10.244.7.0/16' },
      found: [{ path: 'spec.cidr', says: 'beyond its prefix (got "10.244.7.0/16"); write 10.244.0.0/16' }],
    },
    {
      name: 'leading zeros',
      spec: { cidr: '010.0.0.0/8' },
      found: [{ path: 'spec.cidr', says: 'has leading zeros' }],
    },
    {
      name: 'IPv4 as IPv6',
      spec: { cidr: '::ffff:10.0.0.0/104' },
      found: [{ path: 'spec.cidr', says: 'write 10.0.0.0/8' }],
    },
  ],
});

testRule('calico/ippool-allowed-uses', 'warn', calico('IPPool'), {
  valid: [{ name: 'the uses of all', spec: { ...POOL, allowedUses: ['Workload', 'Tunnel'] } }],
  invalid: [
    ...['HostSecondaryInterface', 'L2Workload'].map((use) => ({
      name: `${use}, which Calico Enterprise has`,
      spec: { ...POOL, allowedUses: [use] },
      found: [
        {
          path: 'spec.allowedUses[0]',
          says: `only Calico Enterprise has this use (got "${use}"); use Workload, Tunnel or LoadBalancer with open source Calico`,
        },
      ],
    })),
  ],
});

testRule('calico/ippool-allowed-uses', 'deny', calico('IPPool'), {
  invalid: [
    {
      name: 'one of Calico Enterprise, but another spelling',
      spec: { ...POOL, allowedUses: ['hostSecondaryInterface'] },
      found: [
        {
          path: 'spec.allowedUses[0]',
          says: 'unsupported use (got "hostSecondaryInterface"); use Workload, Tunnel or LoadBalancer',
        },
      ],
    },
  ],
});

testRule('calico/ippool-block-size', 'deny', calico('IPPool'), {
  invalid: [
    {
      name: 'what would fit',
      spec: { cidr: '192.168.1.96/29' },
      found: [
        {
          path: 'spec.cidr',
          says: '/26 (got "192.168.1.96/29"); write /26 or larger, or a blockSize of 29 or more',
        },
      ],
    },
    {
      name: 'one address',
      spec: { cidr: '192.168.1.96/32' },
      found: [{ path: 'spec.cidr', says: 'or a blockSize of 32' }],
    },
    {
      name: 'a number of another family',
      spec: { cidr: 'fd00::/64', blockSize: 26 },
      found: [
        {
          path: 'spec.blockSize',
          says: 'the block size of an IPv6 pool is out of range (got 26); use a value from 116 to 128',
        },
      ],
    },
  ],
});

testRule('calico/ippool-immutable', 'deny', calico('IPPool'), {
  valid: [
    { name: 'another spelling', spec: { cidr: 'fd00:0::/64' }, old: { spec: { cidr: 'FD00::/64' } } },
    { name: 'host bits that go', spec: POOL, old: { spec: { cidr: '10.244.7.0/16' } } },
    { name: 'an unreadable range', spec: POOL, old: { spec: { cidr: 'garbage' } } },
    { name: 'something else', spec: { ...POOL, disabled: true }, old: { spec: POOL } },
    { name: 'the default, written', spec: { ...POOL, blockSize: 26 }, old: { spec: POOL } },
    { name: 'the default, no longer written', spec: POOL, old: { spec: { ...POOL, blockSize: 26 } } },
    {
      name: 'zero for the default',
      spec: { ...POOL, blockSize: 0 },
      old: { spec: { ...POOL, blockSize: 26 } },
    },
    {
      name: 'the default of IPv6',
      spec: { cidr: 'fd00::/64', blockSize: 122 },
      old: { spec: { cidr: 'fd00::/64' } },
    },
    {
      name: 'load balancers that stay',
      spec: { ...BALANCERS, assignmentMode: 'Manual' },
      old: { spec: BALANCERS },
    },
    { name: 'pods that become load balancers', spec: BALANCERS, old: { spec: { cidr: '1.0.0.0/10' } } },
    { name: 'pods that become tunnels', spec: { ...POOL, allowedUses: ['Tunnel'] }, old: { spec: POOL } },
  ],
  invalid: [
    {
      name: 'a size that is removed: spec is marked',
      yaml: `
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata:
          name: default
        spec:
        ^^^^
          cidr: 10.244.0.0/16
      `,
      old: `
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata:
          name: default
        spec:
          cidr: 10.244.0.0/16
          blockSize: 24
      `,
      found: [{ path: 'spec.blockSize', says: 'keep 24' }],
    },
    {
      name: 'the range',
      spec: { cidr: '10.245.0.0/16' },
      old: { spec: POOL },
      found: [{ path: 'spec.cidr', says: 'keep 10.244.0.0/16' }],
    },
    { name: 'a larger range', spec: { cidr: '10.244.0.0/15' }, old: { spec: POOL }, found: ['spec.cidr'] },
    {
      name: 'the size of blocks',
      spec: { ...POOL, blockSize: 24 },
      old: { spec: { ...POOL, blockSize: 26 } },
      found: [{ path: 'spec.blockSize', says: '(got 24); keep 26' }],
    },
    {
      name: 'another size than the default',
      spec: { ...POOL, blockSize: 24 },
      old: { spec: POOL },
      found: [{ path: 'spec.blockSize', says: 'keep 26' }],
    },
    {
      name: 'a size that is removed',
      spec: POOL,
      old: { spec: { ...POOL, blockSize: 24 } },
      found: [{ path: 'spec.blockSize', says: 'cannot be changed; keep 24' }],
    },
    {
      name: 'load balancers that become pods',
      spec: { ...BALANCERS, allowedUses: ['Workload'] },
      old: { spec: BALANCERS },
      found: ['spec.allowedUses'],
    },
    {
      name: 'load balancers for anything',
      spec: { cidr: '1.0.0.0/10' },
      old: { spec: BALANCERS },
      found: ['spec.allowedUses'],
    },
  ],
});

testRule('calico/ippool-encapsulation-change', 'warn', calico('IPPool'), {
  valid: [
    { name: 'Never, written', spec: { ...POOL, ipipMode: 'Never' }, old: { spec: POOL } },
    { name: 'another field', spec: { ...POOL, disabled: true }, old: { spec: POOL } },
    {
      name: 'in a pool that was disabled',
      spec: { ...POOL, vxlanMode: 'Always', disabled: true },
      old: { spec: { ...POOL, disabled: true } },
    },
    { name: 'in a new pool', spec: { ...POOL, vxlanMode: 'Always', natOutgoing: true } },
    { name: 'to what is no mode', spec: { ...POOL, vxlanMode: 'always' }, old: { spec: POOL } },
  ],
  invalid: [
    {
      name: 'from IP-in-IP to VXLAN',
      spec: { ...POOL, vxlanMode: 'CrossSubnet', natOutgoing: true },
      old: { spec: { ...POOL, ipipMode: 'Always', natOutgoing: true } },
      found: [
        { path: 'spec.ipipMode', says: 'change from Always; plan' },
        { path: 'spec.vxlanMode', says: 'change from Never (got "CrossSubnet")' },
      ],
    },
  ],
});

testRule('calico/ippool-nat-outgoing', 'warn', calico('IPPool'), {
  valid: [
    {
      name: 'a pool that pods have to ask for',
      spec: { cidr: '10.0.0.0/16', ipipMode: 'Always', natOutgoing: false, nodeSelector: '!all()' },
    },
    { name: 'VXLAN with it', spec: { ...POOL, vxlanMode: 'Always', natOutgoing: true } },
    { name: 'no overlay', spec: POOL },
    { name: 'public addresses', spec: { cidr: '1.2.0.0/16', vxlanMode: 'Always' } },
    { name: 'IPv6', spec: { cidr: 'fd00::/64', vxlanMode: 'Always' } },
    { name: 'disabled', spec: { ...POOL, vxlanMode: 'Always', disabled: true } },
    { name: 'for tunnels only', spec: { ...POOL, vxlanMode: 'Always', allowedUses: ['Tunnel'] } },
  ],
  invalid: [
    {
      name: 'VXLAN without it',
      spec: { ...POOL, vxlanMode: 'Always' },
      found: [{ path: 'spec.natOutgoing', says: 'outside the cluster; write true' }],
    },
    {
      name: 'IP-in-IP, written as false',
      spec: { ...POOL, ipipMode: 'CrossSubnet', natOutgoing: false },
      found: [{ path: 'spec.natOutgoing', says: '(got false)' }],
    },
  ],
});

testRule('calico/ippool-deprecated-field', 'warn', calico('IPPool'), {
  valid: [{ name: 'switched off', spec: { ...POOL, ipip: null, 'nat-outgoing': false } }],
  invalid: [
    {
      name: 'both of the v1 API',
      spec: { ...POOL, ipip: { enabled: true, mode: 'always' }, 'nat-outgoing': true },
      found: [
        { path: 'spec.ipip', says: 'write ipipMode: Always' },
        { path: 'spec.nat-outgoing', says: 'write natOutgoing' },
      ],
    },
  ],
});

describe('corrections of a pool', () => {
  it.each([
    {
      rule: 'calico/ippool-cidr',
      spec: { cidr: '10.244.7.0/16' },
      fix: { kind: 'replace', value: '10.244.0.0/16' },
    },
    { rule: 'calico/ippool-cidr', spec: { cidr: 'garbage' }, fix: undefined },
    {
      rule: 'calico/ippool-mode',
      spec: { ...POOL, vxlanMode: 'always' },
      fix: { kind: 'replace', value: 'Always' },
    },
  ])('$rule: $spec', ({ rule, spec, fix }) => {
    const [found] = findingsOf(validate(registry, { object: resource('IPPool', spec) }), rule);
    expect(found?.fix).toEqual(fix);
  });
});
