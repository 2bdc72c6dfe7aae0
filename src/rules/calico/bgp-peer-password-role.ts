// calico-node reads the password of a peer from a Secret, and has no right to read Secrets by itself.
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const bgpPeerPasswordRole: Rule<ObjectInput> = {
  id: 'calico/bgp-peer-password-role',
  title: 'a BGP peer with a password needs a Role',
  action: 'audit',
  docs: {
    why: 'calico-node may not read Secrets. Without a Role for this one, confd logs that it cannot read the password and configures the peer without one: the session stays down (projectcalico/calico#6475, #6893). Whether there is such a Role cannot be seen here, so that this is for the audit only.',
    fix: 'Make a Role in the namespace of calico-node that may `get`, `list` and `watch` the one Secret by its name, and bind it to the ServiceAccount `calico-node`.',
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
      advice: 'bind one in its namespace to its account',
    };
  },
};
