// Numbers that the CRDs bound, or that Calico decodes into few bits. Of those one is enough to stop the list of all
// objects of the kind: Go reads a ttlSecurity of 256 into eight bits, fails, and with it fails the whole list.
import type { Rule } from '../../policy/types.ts';
import { boundsOf } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkNumber } from '../shared/number-range.ts';

export const calicoNumber: Rule<ObjectInput> = {
  id: 'calico/number',
  title: 'numbers are within the bounds that Calico has for them',
  action: 'deny',
  docs: {
    why: 'The API server rejects a number beyond the bounds of the CRD. Where the CRD has none, as for `ttlSecurity`, Calico cannot decode the object: listing all objects of its kind fails, and calico-node goes on with what it knew before (projectcalico/calico#8565).',
    fix: 'Write a number within the bounds that the message gives, or remove the field.',
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
      yield* checkNumber({ path, value, ...boundsOf(schema), what: 'number that Calico takes here' });
    }
  },
};
