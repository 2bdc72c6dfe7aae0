// A peer that is named by its address, or that is a pod, has an AS number of its own. Without it BIRD is told to expect
// AS 0 and rejects the whole configuration.
import { isUnset, type JsonObject, read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const bgpPeerAsNumber: Rule<ObjectInput> = {
  id: 'calico/bgp-peer-as-number',
  title: 'a BGP peer outside of the cluster has an AS number',
  action: 'deny',
  docs: {
    why: 'With `peerIP` and no `asNumber` BIRD is told to expect AS 0. It rejects the whole configuration (`Remote AS number must be set`) and keeps the old one: no change of BGP reaches the nodes of the peer any more, and a new node has no BGP at all. With `localWorkloadSelector` the API server rejects the peer.',
    fix: "Write the peer's AS number; with `peerSelector` leave it out, because nodes know each other's.",
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
    const advice = 'write the one of the router, such as 64513';
    const path = ['spec', 'asNumber'];
    yield isUnset(asNumber)
      ? { path, reason: 'FieldValueRequired', problem, advice }
      : { path, reason: 'FieldValueRequired', problem, got: asNumber, advice };
  },
};

function isSet(spec: JsonObject, field: string): boolean {
  return (readString(spec, field) ?? '') !== '';
}
