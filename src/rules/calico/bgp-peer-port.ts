// An IPv6 address with a port needs brackets. Without them the port becomes the last group of the address, and nodes
// peer with another address, or with none.
import { parseIp } from '../../formats/ip.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** The port of BGP: as the last group of an address it is most likely meant as a port. */
const BGP = ':179';

export const bgpPeerPort: Rule<ObjectInput> = {
  id: 'calico/bgp-peer-port',
  title: 'an IPv6 address of a BGP peer with a port should have brackets',
  action: 'warn',
  docs: {
    why: 'Without brackets the port becomes a part of the address: `2001:db8::1:179` is the address 2001:db8:0:0:0:0:1:179, and nothing answers there.',
    fix: 'Put the address in brackets, or remove the port 179.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  peerIP: "[2001:db8::1]:179"
  asNumber: 64513
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  peerIP: 2001:db8::1:179
  asNumber: 64513
`,
    source: 'Calico, libcalico-go validator (IP:port)',
    since: '0.1.0',
  },
  *check({ spec }) {
    const got = readString(spec, 'peerIP') ?? '';
    if (!got.endsWith(BGP) || parseIp(got)?.family !== 'IPv6') return;
    const address = got.slice(0, -BGP.length);
    if (parseIp(address)?.family !== 'IPv6') return;
    const problem = 'the port is read as a part of the address';
    yield {
      path: ['spec', 'peerIP'],
      reason: 'FieldValueInvalid',
      problem,
      got,
      advice: `write [${address}]${BGP}`,
    };
  },
};
