// Neither the CRD nor the operator looks at the number. What is unusual but possible has a rule of its own. A
// negative number ends up in the CNI configuration of every node, and no new pod starts; more than 32 bits never
// reach the operator. Zero detects the MTU.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { NETWORK_PATH } from '../../targets/installation-view.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const installationMtu: Rule<ObjectInput> = {
  id: 'tigera/installation-mtu',
  title: 'the MTU is a number that a link can have',
  action: 'deny',
  docs: {
    why: 'The operator hands the number to the CNI plugin and to Felix. A negative one makes every new pod fail; one beyond 32 bits is rejected by the API server.',
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
      'Tigera operator, CRD of Installation (int32); proposed by us for negative numbers, which nobody else rejects',
    since: '0.1.0',
  },
  *check({ spec }) {
    const mtu = read(spec, 'calicoNetwork', 'mtu');
    if (typeof mtu !== 'number' || (mtu >= 0 && mtu < 2 ** 31)) return;
    yield {
      path: [...NETWORK_PATH, 'mtu'],
      reason: 'FieldValueInvalid',
      problem: 'not an MTU',
      got: mtu,
      advice: 'remove it to detect the MTU, or write one such as 1440',
    };
  },
};
