// This rule checks the addresses of a BGPPeer. Calico's API server and calicoctl reject an address that they cannot
// parse; with CRDs the peer is stored, and confd omits it. An address that can be parsed but that BIRD rejects is
// worse: BIRD keeps its old configuration on every node of the peer, and no later change of BGP reaches them.
import { type Cidr, contains, parseCidr } from '../../formats/cidr.ts';
import { type Ip, parseIp } from '../../formats/ip.ts';
import { parsePeerAddress } from '../../formats/peer-address.ts';
import { readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const PEER = ['spec', 'peerIP'];
const GATEWAY = ['spec', 'reachableBy'];
const LINK_LOCAL = parseCidr('fe80::/10');

export const bgpPeerAddress: Rule<ObjectInput> = {
  id: 'calico/bgp-peer-address',
  title: 'the addresses of a BGP peer must be ones that BIRD can use',
  action: 'deny',
  docs: {
    why: "Calico's API server rejects an address that it cannot parse. With CRDs it is stored, and there is no session with the peer. With 0.0.0.0 or a link-local address, BIRD rejects the whole configuration and keeps the old one: no change of BGP reaches the nodes of the peer, and a new node has no BGP at all.",
    fix: 'Write an address as `192.0.2.1` or `2001:db8::1`, with a port as `192.0.2.1:1179` or `[2001:db8::1]:1179`. `reachableBy` needs an address of the same family, without a port.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  peerIP: "[2001:db8::1]:1179"
  asNumber: 64513
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  peerIP: 192.0.2.300
  asNumber: 64513
`,
    source:
      'Calico, libcalico-go validator (IP:port, reachableBy) and confd (updatePeersV1); BIRD 1.6.8 run with the configuration that confd writes for 0.0.0.0 and for fe80::1',
    since: '0.1.0',
  },
  *check({ spec }) {
    const peer = readString(spec, 'peerIP') ?? '';
    const address = parsePeerAddress(peer);
    if (peer !== '') yield* checkPeer(peer, address?.ip);
    const gateway = readString(spec, 'reachableBy') ?? '';
    if (gateway !== '') yield* checkGateway(gateway, address?.ip);
  },
};

function* checkPeer(got: string, ip: Ip | undefined): Generator<Finding> {
  const at = { path: PEER, reason: 'FieldValueInvalid', got } as const;
  if (ip === undefined) {
    const advice = 'write 192.0.2.1, 192.0.2.1:1179, 2001:db8::1 or [2001:db8::1]:1179';
    yield { ...at, problem: 'invalid peer address', advice };
  } else if (ip.family === 'IPv4' && ip.value === 0n) {
    yield {
      ...at,
      problem: 'no router has this address, so BIRD rejects it',
      advice: 'write the address of the router',
    };
  } else if (LINK_LOCAL !== undefined && contains(LINK_LOCAL, toRange(ip))) {
    const problem = 'BIRD rejects a link-local address without its interface';
    yield { ...at, problem, advice: 'write the global address of the router' };
  }
}

function* checkGateway(got: string, peer: Ip | undefined): Generator<Finding> {
  const at = { path: GATEWAY, reason: 'FieldValueInvalid', got } as const;
  const ip = parseIp(got);
  if (ip === undefined || ip.leadingZeros) {
    yield { ...at, problem: 'invalid address', advice: 'write an address without a port and without a mask' };
  } else if (peer !== undefined && familyOf(ip) !== familyOf(peer)) {
    yield {
      ...at,
      problem: `not of the family of the peer, ${familyOf(peer)}`,
      advice: `write an ${familyOf(peer)} address`,
    };
  }
}

function familyOf(ip: Ip): Ip['family'] {
  return ip.mapped ? 'IPv4' : ip.family;
}

function toRange({ family, value }: Ip): Cidr {
  return { family, address: value, prefix: family === 'IPv4' ? 32 : 128 };
}
