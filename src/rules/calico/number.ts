// Numbers that the CRDs limit, or that Calico decodes into few bits. One such number is enough to make listing all
// objects of the kind fail: Go decodes a ttlSecurity of 256 into eight bits, fails, and with it the whole list fails.
import type { Rule } from '../../policy/types.ts';
import { boundsOf } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkNumber } from '../shared/number-range.ts';

export const calicoNumber: Rule<ObjectInput> = {
  id: 'calico/number',
  title: 'numbers must be in the ranges that Calico supports',
  action: 'deny',
  docs: {
    why: 'The API server rejects a number outside the range of the CRD. Where the CRD has no range, as for `ttlSecurity`, Calico cannot decode the object: listing all objects of its kind fails, and calico-node keeps its old data (projectcalico/calico#8565).',
    fix: 'Write a number in the range from the message, or remove the field.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  peerIP: 192.0.2.1
  asNumber: 64513
  ttlSecurity: 1
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  peerIP: 192.0.2.1
  asNumber: 64513
  ttlSecurity: 256
`,
    source:
      'Calico 3.32, CRDs: minimum and maximum; Go types of its API; decoding of a BGPPeer list, run with libcalico-go; projectcalico/calico#8565',
    since: '0.1.0',
  },
  *check({ values }) {
    for (const { keyword, path, value, schema, since } of values()) {
      if ((keyword !== 'minimum' && keyword !== 'maximum') || since !== undefined) continue;
      yield* checkNumber({ path, value, ...boundsOf(schema), what: 'number' });
    }
  },
};
