// A BGPPeer selects its nodes in one way only, and its peers in one way only.
import { isUnset, type JsonObject, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** The second of each pair is the one that is reported. */
const EXCLUSIVE: readonly (readonly [string, string])[] = [
  ['node', 'nodeSelector'],
  ['peerIP', 'peerSelector'],
  ['peerSelector', 'asNumber'],
  ['localWorkloadSelector', 'peerIP'],
  ['localWorkloadSelector', 'peerSelector'],
];

export const bgpPeerConflict: Rule<ObjectInput> = {
  id: 'calico/bgp-peer-conflict',
  title: 'a BGP peer must select its nodes and its peers in one way only',
  action: 'deny',
  docs: {
    why: 'The validation rules of the CRDs of Calico 3.32 and later reject the peer. Older CRDs accept it, and one of the two fields has no effect.',
    fix: 'Remove one of the two fields. Create two BGPPeers if you need both.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: reflectors
spec:
  nodeSelector: all()
  peerSelector: has(route-reflector)
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: reflectors
spec:
  node: node-1
  nodeSelector: all()
  peerSelector: has(route-reflector)
`,
    source: 'Calico 3.32, BGPPeer CRD: validation rules; libcalico-go validator of older releases',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const [first, second] of EXCLUSIVE) {
      if (!isSet(spec, first) || !isSet(spec, second)) continue;
      const problem = `cannot be combined with ${first}`;
      const advice = 'remove one of the two fields';
      const got = read(spec, second);
      yield { path: ['spec', second], at: 'key', reason: 'FieldValueForbidden', problem, got, advice };
    }
  },
};

function isSet(spec: JsonObject, field: string): boolean {
  const value = read(spec, field);
  return !isUnset(value) && value !== '' && value !== 0;
}
