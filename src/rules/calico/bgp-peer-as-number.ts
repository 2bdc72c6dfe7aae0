// A peer with an address, or a peer that is a pod, needs its own AS number. Without it confd writes AS 0, and BIRD
// rejects the whole configuration.
import { isUnset, type JsonObject, read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const bgpPeerAsNumber: Rule<ObjectInput> = {
  id: 'calico/bgp-peer-as-number',
  title: 'a BGP peer outside the cluster must have an AS number',
  action: 'deny',
  docs: {
    why: 'With `peerIP` and no `asNumber`, confd writes AS 0 for the peer. BIRD rejects the whole configuration (`Remote AS number must be set`) and keeps the old one: no change of BGP reaches the nodes of the peer, and a new node has no BGP at all. With `localWorkloadSelector` the API server rejects the peer.',
    fix: "Write the AS number of the peer. With `peerSelector` remove it, because nodes know each other's AS numbers.",
    good: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  peerIP: 192.0.2.1
  asNumber: 64513
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  peerIP: 192.0.2.1
`,
    source:
      'Calico, BGPPeer CRD: validation rules; BIRD 1.6.8 run with the configuration that confd writes: Remote AS number must be set',
    since: '0.1.0',
  },
  *check({ spec }) {
    const asNumber = read(spec, 'asNumber');
    if (!isUnset(asNumber) && asNumber !== 0) return;
    if (!isSet(spec, 'peerIP') && !isSet(spec, 'localWorkloadSelector')) return;
    const problem = 'the peer has no AS number';
    const advice = 'write the AS number of the router, such as 64513';
    const path = ['spec', 'asNumber'];
    yield isUnset(asNumber)
      ? { path, reason: 'FieldValueRequired', problem, advice }
      : { path, reason: 'FieldValueRequired', problem, got: asNumber, advice };
  },
};

function isSet(spec: JsonObject, field: string): boolean {
  return (readString(spec, field) ?? '') !== '';
}
