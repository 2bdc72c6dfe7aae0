// AS numbers have 32 bits. Where the CRD has no bound, a larger or a negative number is stored, and Calico cannot
// decode it: listing all objects of the kind fails, and the BGP configuration of every node stays as it was.
import { isAsNumber } from '../../formats/bgp.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listAsNumbers } from './shared/as-numbers.ts';

export const calicoAsNumber: Rule<ObjectInput> = {
  id: 'calico/as-number',
  title: 'an AS number must have at most 32 bits',
  action: 'deny',
  docs: {
    why: 'Calico cannot decode an AS number that is negative or has more than 32 bits. Then listing all objects of the kind fails, and no change of BGP reaches any node (projectcalico/calico#8565).',
    fix: 'Write a number from 1 to 4294967295; private ones are 64512 to 65534 and 4200000000 to 4294967294.',
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
  asNumber: 4294967296
`,
    source:
      'Calico, numorstring.ASNumber; decoding of lists with one such object, run with libcalico-go; projectcalico/calico#8565',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, value } of listAsNumbers(spec)) {
      if ((typeof value !== 'number' && typeof value !== 'string') || isAsNumber(value)) continue;
      const advice = 'use a value from 1 to 4294967295, such as 64512';
      yield { path, reason: 'FieldValueInvalid', problem: 'invalid AS number', got: value, advice };
    }
  },
};
