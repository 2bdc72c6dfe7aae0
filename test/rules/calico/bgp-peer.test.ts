import { testRule, testRules } from '../../support/rule-tester.ts';
import { calico } from './base.ts';

const PEER = { peerIP: '192.0.2.1', asNumber: 64_513 };

testRules('the findings of a BGPPeer', calico('BGPPeer'), {
  valid: [
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
      name: 'empty texts are unset',
      spec: { ...PEER, node: '', nodeSelector: '', peerSelector: '', reachableBy: '' },
    },
    { name: 'null is unset', spec: { ...PEER, node: null, nodeSelector: 'all()', ttlSecurity: null } },
  ],
  invalid: [
    {
      name: 'node and nodeSelector',
      spec: { ...PEER, node: 'n', nodeSelector: 'all()' },
      found: ['deny calico/bgp-peer-conflict spec.nodeSelector'],
    },
    {
      name: 'an address and a selector',
      spec: { ...PEER, peerSelector: 'all()' },
      found: [
        'deny calico/bgp-peer-conflict spec.asNumber',
        'deny calico/bgp-peer-conflict spec.peerSelector',
      ],
    },
    {
      name: 'a null filter',
      spec: { ...PEER, filters: [null] },
      found: ['deny calico/wrong-type spec.filters[0]'],
    },
    {
      name: 'a password without a key',
      spec: { ...PEER, password: { secretKeyRef: { name: 'x' } } },
      found: ['deny calico/missing-field spec.password.secretKeyRef.key'],
    },
    {
      name: 'a mode in lower case',
      spec: { ...PEER, nextHopMode: 'self' },
      found: ['deny calico/word spec.nextHopMode'],
    },
    {
      name: 'a TTL of nine bits',
      spec: { ...PEER, ttlSecurity: 256 },
      found: ['deny calico/number spec.ttlSecurity'],
    },
    {
      name: 'a node with a long name',
      spec: { ...PEER, node: 'n'.repeat(254) },
      found: ['deny calico/bgp-peer-name spec.node', 'deny calico/limit spec.node'],
    },
  ],
});

testRule('calico/bgp-peer-address', 'deny', calico('BGPPeer'), {
  valid: [
    ...[
      '192.0.2.1',
      '192.0.2.1:1',
      '192.0.2.1:65535',
      '2001:db8::1',
      '[2001:db8::1]:179',
      '::ffff:192.0.2.1',
    ].map((peerIP) => ({ name: peerIP, spec: { ...PEER, peerIP } })),
    { name: 'a gateway', spec: { ...PEER, reachableBy: '192.0.2.254' } },
    { name: 'numbers', spec: { peerIP: 5, reachableBy: 7 } },
  ],
  invalid: [
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
      found: [{ path: 'spec.peerIP', says: 'invalid peer address' }],
    })),
    {
      name: 'the unspecified address',
      spec: { ...PEER, peerIP: '0.0.0.0' },
      found: [{ path: 'spec.peerIP', says: 'no router has this address' }],
    },
    {
      name: 'link-local',
      spec: { ...PEER, peerIP: 'fe80::1' },
      found: [{ path: 'spec.peerIP', says: 'link-local address without its interface' }],
    },
    { name: 'link-local with a port', spec: { ...PEER, peerIP: '[febf::1]:179' }, found: ['spec.peerIP'] },
    {
      name: 'a gateway with a mask',
      spec: { ...PEER, reachableBy: '192.0.2.254/24' },
      found: ['spec.reachableBy'],
    },
    {
      name: 'a gateway of the other family',
      spec: { ...PEER, reachableBy: '2001:db8::1' },
      found: [{ path: 'spec.reachableBy', says: 'not of the family of the peer, IPv4' }],
    },
    {
      name: 'a gateway of a peer that cannot be read',
      spec: { peerIP: 'x', reachableBy: '2001:db8::1' },
      found: ['spec.peerIP'],
    },
  ],
});

testRule('calico/bgp-peer-port', 'warn', calico('BGPPeer'), {
  valid: [
    { name: 'with brackets', spec: { ...PEER, peerIP: '[2001:db8::1]:179' } },
    { name: 'an address that ends so', spec: { ...PEER, peerIP: '2001:db8::179' } },
    { name: 'a whole address that ends so', spec: { ...PEER, peerIP: '2001:db8:1:2:3:4:5:179' } },
    { name: 'IPv4', spec: { ...PEER, peerIP: '192.0.2.1:179' } },
  ],
  invalid: [
    {
      name: 'without brackets',
      spec: { ...PEER, peerIP: '2001:db8::1:179' },
      found: [
        {
          path: 'spec.peerIP',
          says: 'the port is read as a part of the address (got "2001:db8::1:179"); write [2001:db8::1]:179',
        },
      ],
    },
  ],
});

testRule('calico/bgp-peer-as-number', 'deny', calico('BGPPeer'), {
  valid: [
    { name: 'there', spec: PEER },
    { name: 'not for nodes', spec: { peerSelector: 'all()' } },
    { name: 'not for an empty address', spec: { peerIP: '', peerSelector: 'all()' } },
  ],
  invalid: [
    {
      name: 'missing',
      spec: { peerIP: '192.0.2.1' },
      found: [{ path: 'spec.asNumber', says: 'the peer has no AS number; write' }],
    },
    {
      name: 'zero',
      spec: { peerIP: '192.0.2.1', asNumber: 0 },
      found: [{ path: 'spec.asNumber', says: '(got 0)' }],
    },
    { name: 'missing for pods', spec: { localWorkloadSelector: 'all()' }, found: ['spec.asNumber'] },
  ],
});

testRule('calico/as-number', 'deny', calico('BGPPeer'), {
  valid: [
    ...[1, 65_536, 4_294_967_295, '64512', '1.10'].map((asNumber) => ({
      name: `${asNumber}`,
      spec: { ...PEER, asNumber },
    })),
  ],
  invalid: [
    ...[-1, 4_294_967_296, 'AS64512', '1.65536', ''].map((asNumber) => ({
      name: `${asNumber}`,
      spec: { ...PEER, asNumber, localASNumber: asNumber },
      found: ['spec.asNumber', 'spec.localASNumber'],
    })),
  ],
});

testRule('calico/as-number-form', 'warn', calico('BGPPeer'), {
  valid: [
    { name: 'a number', spec: PEER },
    { name: 'the largest that fits', spec: { ...PEER, asNumber: 2_147_483_647 } },
    { name: 'no AS number at all', spec: { ...PEER, asNumber: 'x' } },
  ],
  invalid: [
    {
      name: 'text',
      spec: { ...PEER, asNumber: '64512' },
      found: [{ path: 'spec.asNumber', says: 'write a number without quotes' }],
    },
    { name: 'with a dot', spec: { ...PEER, localASNumber: '1.10' }, found: ['spec.localASNumber'] },
    {
      name: 'one more',
      spec: { ...PEER, asNumber: 2_147_483_648 },
      found: [{ path: 'spec.asNumber', says: 'from Kubernetes 1.36 on' }],
    },
  ],
});

testRule('calico/bgp-peer-time', 'deny', calico('BGPPeer'), {
  valid: [
    ...['0s', '120s', '1m30s', '1.5h'].map((maxRestartTime) => ({
      name: maxRestartTime,
      spec: { ...PEER, maxRestartTime },
    })),
  ],
  invalid: [
    ...['', '120', '1d', '-5s', '9999999h', ' 5s'].map((time) => ({
      name: `"${time}"`,
      spec: { ...PEER, maxRestartTime: time, keepaliveTime: time },
      found: ['spec.maxRestartTime', 'spec.keepaliveTime'],
    })),
    {
      name: 'more than Go holds',
      spec: { ...PEER, maxRestartTime: '9999999h' },
      found: [{ path: 'spec.maxRestartTime', says: 'longer than 292 years' }],
    },
  ],
});

testRule('calico/bgp-peer-conflict', 'deny', calico('BGPPeer'), {
  valid: [{ name: 'an AS number of zero', spec: { peerSelector: 'all()', asNumber: 0 } }],
  invalid: [
    {
      name: 'a selector and an AS number',
      spec: { peerSelector: 'all()', asNumber: 1 },
      found: ['spec.asNumber'],
    },
    {
      name: 'pods and an address',
      spec: { ...PEER, localWorkloadSelector: 'all()' },
      found: ['spec.peerIP'],
    },
    {
      name: 'pods and nodes',
      spec: { localWorkloadSelector: 'all()', peerSelector: 'all()' },
      found: [{ path: 'spec.peerSelector', says: 'cannot be combined with localWorkloadSelector' }],
    },
  ],
});

testRule('calico/bgp-peer-selector', 'deny', calico('BGPPeer'), {
  valid: [
    { name: 'valid values', spec: { nodeSelector: 'has(a) && !has(b)', peerSelector: "a in {'b', 'c'}" } },
    { name: 'blanks', spec: { ...PEER, nodeSelector: ' ' } },
  ],
  invalid: [
    { name: 'one equals sign', spec: { ...PEER, nodeSelector: 'rack=1' }, found: ['spec.nodeSelector'] },
    {
      name: 'a line break',
      spec: { peerSelector: 'all()\n' },
      found: [{ path: 'spec.peerSelector', says: 'cannot contain a line break' }],
    },
    {
      name: 'a long label',
      spec: { peerSelector: `has(${'a'.repeat(513)})` },
      found: [{ path: 'spec.peerSelector', says: '512 characters' }],
    },
    {
      name: 'pods',
      spec: { localWorkloadSelector: 'all', asNumber: 1 },
      found: ['spec.localWorkloadSelector'],
    },
  ],
});

testRule('calico/bgp-peer-name', 'deny', calico('BGPPeer'), {
  valid: [{ name: 'valid values', spec: { ...PEER, node: 'node-1.example.org', filters: ['a.b', 'c'] } }],
  invalid: [
    { name: 'a node in capitals', spec: { ...PEER, node: 'Node1' }, found: ['spec.node'] },
    {
      name: 'a filter with an underscore',
      spec: { ...PEER, filters: ['a', 'b_c', ''] },
      found: ['spec.filters[1]', 'spec.filters[2]'],
    },
  ],
});

testRule('calico/bgp-peer-without-target', 'warn', calico('BGPPeer'), {
  valid: [{ name: 'an address', spec: PEER }],
  invalid: [
    { name: 'nothing', spec: {}, found: ['spec'] },
    { name: 'an empty address', spec: { peerIP: '', nodeSelector: 'all()' }, found: ['spec'] },
    { name: 'a selector that YAML took for a tag', spec: { peerSelector: null }, found: ['spec'] },
  ],
});

testRule('calico/bgp-peer-without-effect', 'warn', calico('BGPPeer'), {
  valid: [{ name: 'one way', spec: { ...PEER, keepOriginalNextHop: true } }],
  invalid: [
    { name: 'a password without a Secret', spec: { ...PEER, password: {} }, found: ['spec.password'] },
    {
      name: 'a Secret without a name',
      spec: { ...PEER, password: { secretKeyRef: { key: 'k' } } },
      found: ['spec.password.secretKeyRef.name'],
    },
    {
      name: 'a Secret with empty names',
      spec: { ...PEER, password: { secretKeyRef: { name: '', key: '' } } },
      found: ['spec.password.secretKeyRef.name', 'spec.password.secretKeyRef.key'],
    },
    {
      name: 'a gateway without a peer',
      spec: { peerSelector: 'all()', reachableBy: '192.0.2.1' },
      found: [{ path: 'spec.reachableBy', says: '3.33' }],
    },
    {
      name: 'two ways for the next hop',
      spec: { ...PEER, keepOriginalNextHop: true, nextHopMode: 'Self' },
      found: ['spec.keepOriginalNextHop'],
    },
    {
      name: 'less than no AS numbers',
      spec: { ...PEER, numAllowedLocalASNumbers: -1 },
      found: ['spec.numAllowedLocalASNumbers'],
    },
  ],
});
