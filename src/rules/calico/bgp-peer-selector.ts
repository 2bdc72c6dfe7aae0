// This rule checks nodeSelector, peerSelector and localWorkloadSelector. No CRD validates their grammar; with an
// invalid selector confd finds no nodes, and there is no session.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkSelector } from '../shared/selector-advice.ts';

export const bgpPeerSelector: Rule<ObjectInput> = {
  id: 'calico/bgp-peer-selector',
  title: 'the selectors of a BGP peer must be valid',
  action: 'deny',
  docs: {
    why: "Calico's API server rejects a selector that it cannot parse. A CRD accepts any text. Then no node has the peer, or there is no peer: the routes of the peer are lost.",
    fix: 'Write it as in a Calico policy: `all()`, `rack == "1"`, `rack in {"1", "2"}`, `has(rack)`, `!has(rack)`, joined with `&&` and `||`, on one line.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  nodeSelector: rack == "1"
  peerIP: 192.0.2.1
  asNumber: 64513
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  nodeSelector: rack=1
  peerIP: 192.0.2.1
  asNumber: 64513
`,
    source: 'Calico, libcalico-go selector parser and validator; confd (nodesMatching)',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const field of ['nodeSelector', 'peerSelector', 'localWorkloadSelector']) {
      yield* checkSelector(['spec', field], read(spec, field));
    }
  },
};
