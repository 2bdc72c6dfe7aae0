// Neither the CRD nor the operator checks the number. Another rule reports unusual but possible numbers. A negative
// number ends up in the CNI configuration of every node, and no new pod starts; a number of more than 32 bits never
// reaches the operator. Zero detects the MTU.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { NETWORK_PATH } from '../../targets/installation-view.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const installationMtu: Rule<ObjectInput> = {
  id: 'tigera/installation-mtu',
  title: 'the MTU must be a number that an interface can have',
  action: 'deny',
  docs: {
    why: 'The operator passes the number to the CNI plugin and to Felix. With a negative number every new pod fails; the API server rejects a number of more than 32 bits.',
    fix: 'Remove `mtu` to detect it, or write the MTU of the network minus the encapsulation.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    mtu: 1440
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    mtu: -1
`,
    source:
      'Tigera operator, CRD of Installation (int32); proposed by us for negative numbers, which no other component rejects',
    since: '0.1.0',
  },
  *check({ spec }) {
    const mtu = read(spec, 'calicoNetwork', 'mtu');
    if (typeof mtu !== 'number' || (mtu >= 0 && mtu < 2 ** 31)) return;
    yield {
      path: [...NETWORK_PATH, 'mtu'],
      reason: 'FieldValueInvalid',
      problem: 'invalid MTU',
      got: mtu,
      advice: 'remove it to detect the MTU, or write a number such as 1440',
    };
  },
};
