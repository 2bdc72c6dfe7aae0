import { testRule, testVerdicts } from './table.ts';

const PEER = { peerIP: '192.0.2.1', asNumber: 64_513 };

testVerdicts('BGPPeer', [
  { name: 'a router', spec: PEER },
  { name: 'a router with a port', spec: { peerIP: '192.0.2.1:1179', asNumber: 64_513 } },
  { name: 'a router with IPv6 and a port', spec: { peerIP: '[2001:db8::1]:179', asNumber: 64_513 } },
  { name: 'nodes', spec: { nodeSelector: 'all()', peerSelector: '!has(edge)' } },
  { name: 'pods', spec: { localWorkloadSelector: 'role == "router"', asNumber: 64_513 } },
  {
    name: 'everything that there is',
    spec: {
      ...PEER,
      node: 'node-1.example.org',
      localASNumber: 65_000,
      nextHopMode: 'Keep',
      password: { secretKeyRef: { name: 'passwords', key: 'rack-1' } },
      sourceAddress: 'None',
      maxRestartTime: '2m',
      keepaliveTime: '30s',
      numAllowedLocalASNumbers: 1,
      ttlSecurity: 255,
      reachableBy: '192.0.2.254',
      filters: ['no-default-route'],
      reversePeering: 'Manual',
    },
  },
  {
    name: 'node and nodeSelector',
    spec: { ...PEER, node: 'n', nodeSelector: 'all()' },
    denied: ['nodeSelector'],
  },
  {
    name: 'an address and a selector',
    spec: { ...PEER, peerSelector: 'all()' },
    denied: ['peerSelector', 'asNumber'],
  },
  {
    name: 'empty texts are unset',
    spec: { ...PEER, node: '', nodeSelector: '', peerSelector: '', reachableBy: '' },
  },
  { name: 'null is unset', spec: { ...PEER, node: null, nodeSelector: 'all()', ttlSecurity: null } },
  { name: 'a null filter', spec: { ...PEER, filters: [null] }, denied: ['filters[0]'] },
  {
    name: 'a password without a key',
    spec: { ...PEER, password: { secretKeyRef: { name: 'x' } } },
    denied: ['password.secretKeyRef.key'],
  },
  { name: 'a mode in lower case', spec: { ...PEER, nextHopMode: 'self' }, denied: ['nextHopMode'] },
  { name: 'a TTL of nine bits', spec: { ...PEER, ttlSecurity: 256 }, denied: ['ttlSecurity'] },
  { name: 'a node with a long name', spec: { ...PEER, node: 'n'.repeat(254) }, denied: ['node', 'node'] },
]);

testRule('BGPPeer', 'calico/bgp-peer-address', 'deny', [
  ...[
    '192.0.2.1',
    '192.0.2.1:1',
    '192.0.2.1:65535',
    '2001:db8::1',
    '[2001:db8::1]:179',
    '::ffff:192.0.2.1',
  ].map((peerIP) => ({ name: peerIP, spec: { ...PEER, peerIP } })),
  ...[
    '192.0.2.300',
    '192.0.2.1:0',
    '192.0.2.1:65536',
    '192.0.2.1:',
    '192.0.2.1:bgp',
    '[2001:db8::1]',
    '192.0.2.1/32',
    ' 192.0.2.1',
    '192.0.2.01',
    'router.example.org',
    'fe80::1%eth0',
  ].map((peerIP) => ({
    name: peerIP,
    spec: { ...PEER, peerIP },
    paths: ['peerIP'],
    says: ['not an address of a peer'],
  })),
  {
    name: 'nobody',
    spec: { ...PEER, peerIP: '0.0.0.0' },
    paths: ['peerIP'],
    says: ['no router has this address'],
  },
  {
    name: 'link-local',
    spec: { ...PEER, peerIP: 'fe80::1' },
    paths: ['peerIP'],
    says: ['link-local address without its interface'],
  },
  { name: 'link-local with a port', spec: { ...PEER, peerIP: '[febf::1]:179' }, paths: ['peerIP'] },
  { name: 'a gateway', spec: { ...PEER, reachableBy: '192.0.2.254' } },
  { name: 'a gateway with a mask', spec: { ...PEER, reachableBy: '192.0.2.254/24' }, paths: ['reachableBy'] },
  {
    name: 'a gateway of the other family',
    spec: { ...PEER, reachableBy: '2001:db8::1' },
    paths: ['reachableBy'],
    says: ['not of the family of the peer, IPv4'],
  },
  {
    name: 'a gateway of a peer that cannot be read',
    spec: { peerIP: 'x', reachableBy: '2001:db8::1' },
    paths: ['peerIP'],
  },
  { name: 'numbers', spec: { peerIP: 5, reachableBy: 7 } },
]);

testRule('BGPPeer', 'calico/bgp-peer-port', 'warn', [
  {
    name: 'without brackets',
    spec: { ...PEER, peerIP: '2001:db8::1:179' },
    paths: ['peerIP'],
    says: ['the port is read as a part of the address (got "2001:db8::1:179"); write [2001:db8::1]:179'],
  },
  { name: 'with brackets', spec: { ...PEER, peerIP: '[2001:db8::1]:179' } },
  { name: 'an address that ends so', spec: { ...PEER, peerIP: '2001:db8::179' } },
  { name: 'a whole address that ends so', spec: { ...PEER, peerIP: '2001:db8:1:2:3:4:5:179' } },
  { name: 'IPv4', spec: { ...PEER, peerIP: '192.0.2.1:179' } },
]);

testRule('BGPPeer', 'calico/bgp-peer-as-number', 'deny', [
  { name: 'there', spec: PEER },
  {
    name: 'missing',
    spec: { peerIP: '192.0.2.1' },
    paths: ['asNumber'],
    says: ['the peer has no AS number; write'],
  },
  { name: 'zero', spec: { peerIP: '192.0.2.1', asNumber: 0 }, paths: ['asNumber'], says: ['(got 0)'] },
  { name: 'missing for pods', spec: { localWorkloadSelector: 'all()' }, paths: ['asNumber'] },
  { name: 'not for nodes', spec: { peerSelector: 'all()' } },
  { name: 'not for an empty address', spec: { peerIP: '', peerSelector: 'all()' } },
]);

testRule('BGPPeer', 'calico/as-number', 'deny', [
  ...[1, 65_536, 4_294_967_295, '64512', '1.10'].map((asNumber) => ({
    name: `${asNumber}`,
    spec: { ...PEER, asNumber },
  })),
  ...[-1, 4_294_967_296, 'AS64512', '1.65536', ''].map((asNumber) => ({
    name: `${asNumber}`,
    spec: { ...PEER, asNumber, localASNumber: asNumber },
    paths: ['asNumber', 'localASNumber'],
  })),
]);

testRule('BGPPeer', 'calico/as-number-form', 'warn', [
  { name: 'a number', spec: PEER },
  {
    name: 'text',
    spec: { ...PEER, asNumber: '64512' },
    paths: ['asNumber'],
    says: ['write a number without quotes'],
  },
  { name: 'with a dot', spec: { ...PEER, localASNumber: '1.10' }, paths: ['localASNumber'] },
  { name: 'the largest that fits', spec: { ...PEER, asNumber: 2_147_483_647 } },
  {
    name: 'one more',
    spec: { ...PEER, asNumber: 2_147_483_648 },
    paths: ['asNumber'],
    says: ['from Kubernetes 1.36 on'],
  },
  { name: 'no AS number at all', spec: { ...PEER, asNumber: 'x' } },
]);

testRule('BGPPeer', 'calico/bgp-peer-time', 'deny', [
  ...['0s', '120s', '1m30s', '1.5h'].map((maxRestartTime) => ({
    name: maxRestartTime,
    spec: { ...PEER, maxRestartTime },
  })),
  ...['', '120', '1d', '-5s', '9999999h', ' 5s'].map((time) => ({
    name: `"${time}"`,
    spec: { ...PEER, maxRestartTime: time, keepaliveTime: time },
    paths: ['maxRestartTime', 'keepaliveTime'],
  })),
]);

testRule('BGPPeer', 'calico/bgp-peer-conflict', 'deny', [
  { name: 'a selector and an AS number', spec: { peerSelector: 'all()', asNumber: 1 }, paths: ['asNumber'] },
  { name: 'pods and an address', spec: { ...PEER, localWorkloadSelector: 'all()' }, paths: ['peerIP'] },
  {
    name: 'pods and nodes',
    spec: { localWorkloadSelector: 'all()', peerSelector: 'all()' },
    paths: ['peerSelector'],
    says: ['cannot stand beside localWorkloadSelector'],
  },
  { name: 'an AS number of zero', spec: { peerSelector: 'all()', asNumber: 0 } },
]);

testRule('BGPPeer', 'calico/bgp-peer-selector', 'deny', [
  { name: 'good ones', spec: { nodeSelector: 'has(a) && !has(b)', peerSelector: "a in {'b', 'c'}" } },
  { name: 'blanks', spec: { ...PEER, nodeSelector: ' ' } },
  { name: 'one equals sign', spec: { ...PEER, nodeSelector: 'rack=1' }, paths: ['nodeSelector'] },
  {
    name: 'a line break',
    spec: { peerSelector: 'all()\n' },
    paths: ['peerSelector'],
    says: ['takes no line break'],
  },
  {
    name: 'a long label',
    spec: { peerSelector: `has(${'a'.repeat(513)})` },
    paths: ['peerSelector'],
    says: ['512 characters'],
  },
  { name: 'pods', spec: { localWorkloadSelector: 'all', asNumber: 1 }, paths: ['localWorkloadSelector'] },
]);

testRule('BGPPeer', 'calico/bgp-peer-name', 'deny', [
  { name: 'good ones', spec: { ...PEER, node: 'node-1.example.org', filters: ['a.b', 'c'] } },
  { name: 'a node in capitals', spec: { ...PEER, node: 'Node1' }, paths: ['node'] },
  {
    name: 'a filter with an underscore',
    spec: { ...PEER, filters: ['a', 'b_c', ''] },
    paths: ['filters[1]', 'filters[2]'],
  },
]);

testRule('BGPPeer', 'calico/bgp-peer-without-target', 'warn', [
  { name: 'an address', spec: PEER },
  { name: 'nothing', spec: {}, paths: ['/spec'] },
  { name: 'an empty address', spec: { peerIP: '', nodeSelector: 'all()' }, paths: ['/spec'] },
  { name: 'a selector that YAML took for a tag', spec: { peerSelector: null }, paths: ['/spec'] },
]);

testRule('BGPPeer', 'calico/bgp-peer-without-effect', 'warn', [
  { name: 'a password without a Secret', spec: { ...PEER, password: {} }, paths: ['password'] },
  {
    name: 'a Secret without a name',
    spec: { ...PEER, password: { secretKeyRef: { key: 'k' } } },
    paths: ['password.secretKeyRef.name'],
  },
  {
    name: 'a Secret with empty names',
    spec: { ...PEER, password: { secretKeyRef: { name: '', key: '' } } },
    paths: ['password.secretKeyRef.name', 'password.secretKeyRef.key'],
  },
  {
    name: 'a gateway without a peer',
    spec: { peerSelector: 'all()', reachableBy: '192.0.2.1' },
    paths: ['reachableBy'],
    says: ['3.33'],
  },
  {
    name: 'two ways for the next hop',
    spec: { ...PEER, keepOriginalNextHop: true, nextHopMode: 'Self' },
    paths: ['keepOriginalNextHop'],
  },
  { name: 'one way', spec: { ...PEER, keepOriginalNextHop: true } },
  {
    name: 'less than no AS numbers',
    spec: { ...PEER, numAllowedLocalASNumbers: -1 },
    paths: ['numAllowedLocalASNumbers'],
  },
]);
