// A BGPPeer without a peer is stored and ignored.
import { isMap, isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const TARGETS = ['peerIP', 'peerSelector', 'localWorkloadSelector'];

export const bgpPeerWithoutTarget: Rule<ObjectInput> = {
  id: 'calico/bgp-peer-without-target',
  title: 'a BGP peer should say what to peer with',
  action: 'warn',
  docs: {
    why: 'Without `peerIP`, `peerSelector` and `localWorkloadSelector` there is nothing to peer with: confd logs `PeerIP is not assigned or is malformed`, and there is no session.',
    fix: 'Write one of the three fields. In YAML put a selector that begins with `!` in quotes; otherwise YAML reads it as a tag, and its value is lost.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: reflectors
spec:
  nodeSelector: all()
  peerSelector: "!has(edge)"
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: reflectors
spec:
  nodeSelector: all()
`,
    source: 'Calico, confd (updatePeersV1); easzlab/kubeasz#741',
    since: '0.1.0',
  },
  *check({ object, spec }) {
    // Another rule reports a missing spec.
    if (!isMap(read(object, 'spec'))) return;
    const isNamed = TARGETS.some((field) => !isUnset(read(spec, field)) && read(spec, field) !== '');
    if (isNamed) return;
    const problem = 'the BGPPeer has nothing to peer with';
    const advice = 'write peerIP, peerSelector or localWorkloadSelector';
    yield { path: ['spec'], at: 'key', reason: 'FieldValueRequired', problem, advice };
  },
};
