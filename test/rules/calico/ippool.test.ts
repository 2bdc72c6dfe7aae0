import { describe, expect, it } from 'vitest';
import { loadRegistry } from '../../../src/registry.ts';
import { judgementsOf, validate } from '../../support/judge.ts';
import { resource, testRule, testVerdicts } from './table.ts';

const POOL = { cidr: '10.244.0.0/16' };
const BALANCERS = { cidr: '1.0.0.0/10', allowedUses: ['LoadBalancer'] };

// The cases of Calico's own validator_test and of its CRD, one by one.
testVerdicts('IPPool', [
  { name: 'IPv4 /26', spec: { cidr: '1.2.3.0/26' } },
  { name: 'IPv4 /10', spec: { cidr: '1.0.0.0/10' } },
  { name: 'IPv6 /122', spec: { cidr: 'aabb:aabb::0000/122', ipipMode: 'Never', vxlanMode: 'Never' } },
  { name: 'IPv6 /10', spec: { cidr: 'aa00:0000::0000/10', ipipMode: 'Never', vxlanMode: 'Never' } },
  { name: 'disabled IPv4 /27', spec: { cidr: '1.2.3.0/27', disabled: true } },
  { name: 'disabled IPv6 /128', spec: { cidr: 'aabb:aabb::ffff/128', disabled: true } },
  { name: 'IPv4 /27', spec: { cidr: '1.2.3.0/27' }, denied: ['cidr'] },
  { name: 'IPv6 /128', spec: { cidr: 'aabb:aabb::ffff/128' }, denied: ['cidr'] },
  { name: 'IPv4 /33', spec: { cidr: '1.2.3.4/33' }, denied: ['cidr'] },
  { name: 'IPv6 /129', spec: { cidr: 'aa:bb::/129' }, denied: ['cidr'] },
  { name: 'no range', spec: { cidr: 'garbage' }, denied: ['cidr'] },
  { name: 'an address', spec: { cidr: '1.2.3.4' }, denied: ['cidr'] },
  { name: 'an empty range', spec: { cidr: '' }, denied: ['cidr'] },
  { name: 'null as range', spec: { cidr: null }, denied: ['cidr'] },
  { name: 'a number as range', spec: { cidr: 10 }, denied: ['cidr'] },
  { name: 'nothing', spec: {}, denied: ['cidr'] },
  { name: 'host bits', spec: { cidr: '192.168.0.1/24' }, denied: ['cidr'] },
  { name: 'host bits with IPv6', spec: { cidr: 'fd00::1/64' }, denied: ['cidr'] },
  { name: 'IPv4 link-local', spec: { cidr: '169.254.5.0/24' }, denied: ['cidr'] },
  { name: 'IPv6 link-local', spec: { cidr: 'fe80::/120' }, denied: ['cidr'] },
  { name: 'all of IPv4', spec: { cidr: '0.0.0.0/0' }, denied: ['cidr'] },
  { name: 'all of IPv6', spec: { cidr: '::/0' }, denied: ['cidr'] },
  { name: 'beside the link-local range', spec: { cidr: '169.253.0.0/16' } },
  {
    name: 'IP-in-IP with a small IPv6 pool',
    spec: { cidr: 'aabb:aabb::ffff/128', ipipMode: 'Always', vxlanMode: 'Never' },
    denied: ['cidr', 'ipipMode'],
  },
  {
    name: 'IP-in-IP with IPv6',
    spec: { cidr: 'fd00:1234::/64', ipipMode: 'CrossSubnet' },
    denied: ['ipipMode'],
  },
  { name: 'VXLAN with IPv6', spec: { cidr: 'fd00:1234::/64', vxlanMode: 'Always' } },
  { name: 'IP-in-IP', spec: { ...POOL, ipipMode: 'CrossSubnet', natOutgoing: true } },
  {
    name: 'both encapsulations',
    spec: { ...POOL, ipipMode: 'CrossSubnet', vxlanMode: 'Always' },
    denied: ['ipipMode', 'vxlanMode'],
  },
  {
    name: 'one encapsulation and Never',
    spec: { ...POOL, ipipMode: 'Never', vxlanMode: 'Always', natOutgoing: true },
  },
  { name: 'a mode in lower case', spec: { ...POOL, ipipMode: 'always' }, denied: ['ipipMode'] },
  { name: 'a mode of calico-node', spec: { ...POOL, ipipMode: 'Off' }, denied: ['ipipMode'] },
  { name: 'an empty mode', spec: { ...POOL, vxlanMode: '' }, denied: ['vxlanMode'] },
  { name: 'null as mode', spec: { ...POOL, vxlanMode: null, ipipMode: null } },
  { name: 'true as mode', spec: { ...POOL, vxlanMode: true }, denied: ['vxlanMode'] },
  { name: 'Automatic', spec: { ...POOL, assignmentMode: 'Automatic' } },
  { name: 'Manual', spec: { ...POOL, assignmentMode: 'Manual' } },
  {
    name: 'an unknown assignmentMode',
    spec: { ...POOL, assignmentMode: 'automatic' },
    denied: ['assignmentMode'],
  },
  { name: 'an empty assignmentMode', spec: { ...POOL, assignmentMode: '' }, denied: ['assignmentMode'] },
  { name: 'IPv4 blockSize 19', spec: { cidr: '10.0.0.0/8', blockSize: 19 }, denied: ['blockSize'] },
  { name: 'IPv4 blockSize 20', spec: { cidr: '10.0.0.0/8', blockSize: 20 } },
  { name: 'IPv4 blockSize 32', spec: { cidr: '10.0.0.0/8', blockSize: 32 } },
  { name: 'IPv4 blockSize 33', spec: { cidr: '10.0.0.0/8', blockSize: 33 }, denied: ['blockSize'] },
  { name: 'blockSize 0 is the default', spec: { cidr: '10.0.0.0/8', blockSize: 0 } },
  { name: 'blockSize 0 of a small pool', spec: { cidr: '10.0.0.0/27', blockSize: 0 }, denied: ['cidr'] },
  { name: 'a negative blockSize', spec: { cidr: '10.0.0.0/8', blockSize: -1 }, denied: ['blockSize'] },
  { name: 'half a blockSize', spec: { cidr: '10.0.0.0/8', blockSize: 25.5 }, denied: ['blockSize'] },
  { name: 'text as blockSize', spec: { cidr: '10.0.0.0/8', blockSize: '26' }, denied: ['blockSize'] },
  { name: 'null as blockSize', spec: { cidr: '10.0.0.0/8', blockSize: null } },
  { name: 'IPv6 blockSize 115', spec: { cidr: 'fd00::/64', blockSize: 115 }, denied: ['blockSize'] },
  { name: 'IPv6 blockSize 116', spec: { cidr: 'fd00::/64', blockSize: 116 } },
  { name: 'IPv6 blockSize 128', spec: { cidr: 'fd00::/64', blockSize: 128 } },
  { name: 'IPv6 blockSize 129', spec: { cidr: 'fd00::/64', blockSize: 129 }, denied: ['blockSize'] },
  { name: 'IPv6 blockSize of IPv4', spec: { cidr: 'fd00::/64', blockSize: 26 }, denied: ['blockSize'] },
  { name: 'a pool of one block', spec: { cidr: '10.0.0.0/26' } },
  { name: 'a pool smaller than its block', spec: { cidr: '1.2.3.0/26', blockSize: 25 }, denied: ['cidr'] },
  { name: 'a small pool with a small block', spec: { cidr: '192.168.1.96/29', blockSize: 30 } },
  {
    name: 'disabled with a wrong block',
    spec: { ...POOL, blockSize: 19, disabled: true },
    denied: ['blockSize'],
  },
  { name: 'uses', spec: { ...POOL, allowedUses: ['Workload', 'Tunnel'] } },
  { name: 'no uses', spec: { ...POOL, allowedUses: [] } },
  { name: 'an unknown use', spec: { ...POOL, allowedUses: ['Garbage'] }, denied: ['allowedUses[0]'] },
  { name: 'a use twice', spec: { ...POOL, allowedUses: ['Tunnel', 'Tunnel'] }, denied: ['allowedUses[1]'] },
  {
    name: 'LoadBalancer with others',
    spec: { ...POOL, allowedUses: ['Workload', 'LoadBalancer', 'Tunnel'] },
    denied: ['allowedUses[0]', 'allowedUses[2]'],
  },
  { name: 'LoadBalancer', spec: BALANCERS },
  { name: 'LoadBalancer for all nodes', spec: { ...BALANCERS, nodeSelector: 'all()' } },
  { name: 'LoadBalancer and Never', spec: { ...BALANCERS, ipipMode: 'Never', vxlanMode: 'Never' } },
  { name: 'LoadBalancer with IP-in-IP', spec: { ...BALANCERS, ipipMode: 'Always' }, denied: ['ipipMode'] },
  { name: 'LoadBalancer with VXLAN', spec: { ...BALANCERS, vxlanMode: 'Always' }, denied: ['vxlanMode'] },
  {
    name: 'LoadBalancer without BGP',
    spec: { ...BALANCERS, disableBGPExport: true },
    denied: ['disableBGPExport'],
  },
  {
    name: 'LoadBalancer for no nodes',
    spec: { ...BALANCERS, nodeSelector: '!all()' },
    denied: ['nodeSelector'],
  },
  {
    name: 'LoadBalancer for some nodes',
    spec: { ...BALANCERS, nodeSelector: 'has(edge)' },
    denied: ['nodeSelector'],
  },
  {
    name: 'Tunnel for some namespaces',
    spec: { ...POOL, allowedUses: ['Tunnel'], namespaceSelector: 'region == "east"' },
    denied: ['namespaceSelector'],
  },
  {
    name: 'Workload for some namespaces',
    spec: { ...POOL, allowedUses: ['Workload'], namespaceSelector: 'region == "east"' },
  },
  {
    name: 'no written use for some namespaces, as the CRD takes it',
    spec: { ...POOL, namespaceSelector: 'region == "east"' },
  },
  { name: 'global() as nodeSelector', spec: { ...POOL, nodeSelector: 'global()' }, denied: ['nodeSelector'] },
  {
    name: 'global() as namespaceSelector',
    spec: { ...POOL, namespaceSelector: 'global()' },
    denied: ['namespaceSelector'],
  },
  {
    name: 'global() among others',
    spec: { ...POOL, nodeSelector: 'has(a) || global()' },
    denied: ['nodeSelector'],
  },
  { name: 'global() in a value', spec: { ...POOL, nodeSelector: 'a == "global()"' } },
  { name: 'a nodeSelector', spec: { ...POOL, nodeSelector: 'foo == "bar"' } },
  { name: 'an empty nodeSelector', spec: { ...POOL, nodeSelector: '' } },
  {
    name: 'a long nodeSelector',
    spec: { ...POOL, nodeSelector: `has(${'a'.repeat(1020)})` },
    denied: ['nodeSelector'],
  },
  { name: 'no selector', spec: { ...POOL, nodeSelector: 'this is not valid' }, denied: ['nodeSelector'] },
  { name: 'a line break', spec: { ...POOL, nodeSelector: 'all()\n' }, denied: ['nodeSelector'] },
  {
    name: 'no namespaceSelector',
    spec: { ...POOL, namespaceSelector: 'a=b' },
    denied: ['namespaceSelector'],
  },
]);

testRule('IPPool', 'calico/ippool-cidr', 'deny', [
  { name: 'nothing', spec: {}, paths: ['cidr'], says: ['a pool needs a range; write one'] },
  {
    name: 'host bits',
    spec: { cidr: '10.244.7.0/16' },
    paths: ['cidr'],
    says: ['beyond its prefix (got "10.244.7.0/16"); write 10.244.0.0/16'],
  },
  { name: 'capital letters', spec: { cidr: 'FD00:0:0::/64' } },
  { name: 'leading zeros', spec: { cidr: '010.0.0.0/8' }, paths: ['cidr'], says: ['has leading zeros'] },
  {
    name: 'IPv4 as IPv6',
    spec: { cidr: '::ffff:10.0.0.0/104' },
    paths: ['cidr'],
    says: ['write 10.0.0.0/8'],
  },
]);

testRule('IPPool', 'calico/ippool-allowed-uses', 'warn', [
  ...['HostSecondaryInterface', 'L2Workload'].map((use) => ({
    name: `${use}, which Calico Enterprise has`,
    spec: { ...POOL, allowedUses: [use] },
    paths: ['allowedUses[0]'],
    says: [
      `only Calico Enterprise has this use (got "${use}"); use Workload, Tunnel or LoadBalancer elsewhere`,
    ],
  })),
  { name: 'the uses of all', spec: { ...POOL, allowedUses: ['Workload', 'Tunnel'] } },
]);

testRule('IPPool', 'calico/ippool-allowed-uses', 'deny', [
  {
    name: 'one of Calico Enterprise, but another spelling',
    spec: { ...POOL, allowedUses: ['hostSecondaryInterface'] },
    paths: ['allowedUses[0]'],
    says: ['not a use of a pool (got "hostSecondaryInterface"); use Workload, Tunnel or LoadBalancer'],
  },
]);

testRule('IPPool', 'calico/ippool-block-size', 'deny', [
  {
    name: 'what would fit',
    spec: { cidr: '192.168.1.96/29' },
    paths: ['cidr'],
    says: ['/26 (got "192.168.1.96/29"); write /26 or larger, or a blockSize of 29 or more'],
  },
  {
    name: 'one address',
    spec: { cidr: '192.168.1.96/32' },
    paths: ['cidr'],
    says: ['or a blockSize of 32'],
  },
  {
    name: 'a number of another family',
    spec: { cidr: 'fd00::/64', blockSize: 26 },
    paths: ['blockSize'],
    says: ['not a block size of an IPv6 pool (got 26); write 116 to 128'],
  },
]);

testRule('IPPool', 'calico/ippool-immutable', 'deny', [
  {
    name: 'the range',
    spec: { cidr: '10.245.0.0/16' },
    old: POOL,
    paths: ['cidr'],
    says: ['keep 10.244.0.0/16'],
  },
  { name: 'a larger range', spec: { cidr: '10.244.0.0/15' }, old: POOL, paths: ['cidr'] },
  { name: 'another spelling', spec: { cidr: 'fd00:0::/64' }, old: { cidr: 'FD00::/64' } },
  { name: 'host bits that go', spec: POOL, old: { cidr: '10.244.7.0/16' } },
  { name: 'a range that nobody could read', spec: POOL, old: { cidr: 'garbage' } },
  { name: 'something else', spec: { ...POOL, disabled: true }, old: POOL },
  {
    name: 'the size of blocks',
    spec: { ...POOL, blockSize: 24 },
    old: { ...POOL, blockSize: 26 },
    paths: ['blockSize'],
    says: ['(got 24); keep 26'],
  },
  { name: 'the default, written', spec: { ...POOL, blockSize: 26 }, old: POOL },
  { name: 'the default, no longer written', spec: POOL, old: { ...POOL, blockSize: 26 } },
  { name: 'zero for the default', spec: { ...POOL, blockSize: 0 }, old: { ...POOL, blockSize: 26 } },
  {
    name: 'another size than the default',
    spec: { ...POOL, blockSize: 24 },
    old: POOL,
    paths: ['blockSize'],
    says: ['keep 26'],
  },
  {
    name: 'a size that is removed',
    spec: POOL,
    old: { ...POOL, blockSize: 24 },
    paths: ['blockSize'],
    says: ['cannot be changed; keep 24'],
  },
  { name: 'the default of IPv6', spec: { cidr: 'fd00::/64', blockSize: 122 }, old: { cidr: 'fd00::/64' } },
  {
    name: 'load balancers that become pods',
    spec: { ...BALANCERS, allowedUses: ['Workload'] },
    old: BALANCERS,
    paths: ['allowedUses'],
  },
  {
    name: 'load balancers for anything',
    spec: { cidr: '1.0.0.0/10' },
    old: BALANCERS,
    paths: ['allowedUses'],
  },
  { name: 'load balancers that stay', spec: { ...BALANCERS, assignmentMode: 'Manual' }, old: BALANCERS },
  { name: 'pods that become load balancers', spec: BALANCERS, old: { cidr: '1.0.0.0/10' } },
  { name: 'pods that become tunnels', spec: { ...POOL, allowedUses: ['Tunnel'] }, old: POOL },
]);

testRule('IPPool', 'calico/ippool-encapsulation-change', 'warn', [
  {
    name: 'from IP-in-IP to VXLAN',
    spec: { ...POOL, vxlanMode: 'CrossSubnet', natOutgoing: true },
    old: { ...POOL, ipipMode: 'Always', natOutgoing: true },
    paths: ['ipipMode', 'vxlanMode'],
    says: ['change over from Always; plan', 'change over from Never (got "CrossSubnet")'],
  },
  { name: 'Never, written', spec: { ...POOL, ipipMode: 'Never' }, old: POOL },
  { name: 'another field', spec: { ...POOL, disabled: true }, old: POOL },
  {
    name: 'in a pool that was disabled',
    spec: { ...POOL, vxlanMode: 'Always', disabled: true },
    old: { ...POOL, disabled: true },
  },
  { name: 'in a new pool', spec: { ...POOL, vxlanMode: 'Always', natOutgoing: true } },
  { name: 'to what is no mode', spec: { ...POOL, vxlanMode: 'always' }, old: POOL },
]);

testRule('IPPool', 'calico/ippool-nat-outgoing', 'warn', [
  {
    name: 'VXLAN without it',
    spec: { ...POOL, vxlanMode: 'Always' },
    paths: ['natOutgoing'],
    says: ['outside of the cluster; write true'],
  },
  {
    name: 'IP-in-IP, written as false',
    spec: { ...POOL, ipipMode: 'CrossSubnet', natOutgoing: false },
    paths: ['natOutgoing'],
    says: ['(got false)'],
  },
  { name: 'VXLAN with it', spec: { ...POOL, vxlanMode: 'Always', natOutgoing: true } },
  { name: 'no overlay', spec: POOL },
  { name: 'public addresses', spec: { cidr: '1.2.0.0/16', vxlanMode: 'Always' } },
  { name: 'IPv6', spec: { cidr: 'fd00::/64', vxlanMode: 'Always' } },
  { name: 'disabled', spec: { ...POOL, vxlanMode: 'Always', disabled: true } },
  { name: 'for tunnels only', spec: { ...POOL, vxlanMode: 'Always', allowedUses: ['Tunnel'] } },
]);

testRule('IPPool', 'calico/ippool-deprecated-field', 'warn', [
  {
    name: 'both of the v1 API',
    spec: { ...POOL, ipip: { enabled: true, mode: 'always' }, 'nat-outgoing': true },
    paths: ['ipip', 'nat-outgoing'],
    says: ['write ipipMode', 'write natOutgoing'],
  },
  { name: 'switched off', spec: { ...POOL, ipip: null, 'nat-outgoing': false } },
]);

describe('corrections of a pool', () => {
  const registry = loadRegistry();
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
    const [found] = judgementsOf(validate(registry, { object: resource('IPPool', spec) }), rule);
    expect(found?.fix).toEqual(fix);
  });
});
