// calico-node reads the password of a peer from a Secret, and by default it has no permission to read Secrets.
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const bgpPeerPasswordRole: Rule<ObjectInput> = {
  id: 'calico/bgp-peer-password-role',
  title: 'a Role for the Secret of a BGP peer is needed',
  action: 'audit',
  docs: {
    why: 'calico-node has no permission to read Secrets. Without a Role for this one, confd logs that it cannot read the password and configures the peer without one: the session stays down (projectcalico/calico#6475, #6893). This rule cannot see whether such a Role exists, so it only runs in the audit.',
    fix: 'Create a Role in the namespace of calico-node that allows `get`, `list` and `watch` for this one Secret by its name, and bind it to the ServiceAccount `calico-node`.',
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
  asNumber: 64513
  password:
    secretKeyRef:
      name: bgp-passwords
      key: rack-1
`,
    source: 'Calico, confd (getPassword); projectcalico/calico#6475, #6893; tigera/operator#2006, #2107',
    since: '0.1.0',
  },
  *check({ spec }) {
    const path = ['spec', 'password', 'secretKeyRef', 'name'];
    const got = readString(spec, ...path.slice(1)) ?? '';
    if (got === '') return;
    const problem = 'calico-node needs a Role to read this Secret';
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem,
      got,
      advice: 'bind a Role in its namespace to its ServiceAccount',
    };
  },
};
