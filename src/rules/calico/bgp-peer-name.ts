// This rule checks the names of the node and of the filters in a BGPPeer. A name that is not valid in Kubernetes is the
// name of no object.
import { isDns1123Subdomain } from '../../formats/dns.ts';
import { readList, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const ADVICE = 'write lower-case letters, digits, - and dots';

export const bgpPeerName: Rule<ObjectInput> = {
  id: 'calico/bgp-peer-name',
  title: 'the names in a BGP peer must be valid names',
  action: 'deny',
  docs: {
    why: "Calico's API server rejects the name. With CRDs it is stored: no node has that name, so none gets the peer, and a filter that does not exist is silently omitted, so routes are not filtered.",
    fix: 'Write the name as `kubectl get nodes` or `kubectl get bgpfilters` prints it.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  node: node-1
  peerIP: 192.0.2.1
  asNumber: 64513
  filters: [no-default-route]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  node: Node_1
  peerIP: 192.0.2.1
  asNumber: 64513
`,
    source: 'Calico, libcalico-go validator (name); confd (filters of a peer)',
    since: '0.1.0',
  },
  *check({ spec }) {
    const node = readString(spec, 'node') ?? '';
    if (node !== '' && !isDns1123Subdomain(node)) {
      const path = ['spec', 'node'];
      yield {
        path,
        reason: 'FieldValueInvalid',
        problem: 'no node can have this name',
        got: node,
        advice: ADVICE,
      };
    }
    for (const [index, got] of readList(spec, 'filters').entries()) {
      if (typeof got !== 'string' || isDns1123Subdomain(got)) continue;
      const path = ['spec', 'filters', index];
      const problem = 'no BGPFilter can have this name';
      yield { path, reason: 'FieldValueInvalid', problem, got, advice: ADVICE };
    }
  },
};
