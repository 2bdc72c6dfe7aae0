// This rule reports AS numbers that Calico's own API server accepts and CRDs reject: text; and, since Kubernetes 1.36
// enforces `format: int32`, numbers above 2147483647.
import { isAsNumber } from '../../formats/bgp.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listAsNumbers } from './shared/as-numbers.ts';

const LARGEST_INT32 = 2_147_483_647;

export const calicoAsNumberForm: Rule<ObjectInput> = {
  id: 'calico/as-number-form',
  title: 'an AS number should have a form that every API server accepts',
  action: 'warn',
  docs: {
    why: "Calico's own API server and `calicoctl` accept an AS number as text, and numbers of all 32 bits. Its CRDs accept only numbers, with `format: int32`: an API server of Kubernetes 1.36 or later rejects numbers above 2147483647 (projectcalico/calico#13494).",
    fix: 'Write a number without quotes. A number above 2147483647 has no other form: use a CRD in which projectcalico/calico#13979 is merged, or a private number from 64512 to 65534.',
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
  asNumber: "64513"
`,
    source:
      'Calico, CRDs (format int32) tested with the libraries of Kubernetes 1.35 and 1.36; projectcalico/calico#13494',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, value: got } of listAsNumbers(spec)) {
      if ((typeof got !== 'number' && typeof got !== 'string') || !isAsNumber(got)) continue;
      if (typeof got === 'string') {
        const problem = "text, which only Calico's own API server accepts";
        yield {
          path,
          reason: 'FieldValueTypeInvalid',
          problem,
          got,
          advice: 'write a number without quotes',
        };
      } else if (got > LARGEST_INT32) {
        const problem = 'rejected by API servers from Kubernetes 1.36 on, by format int32 of the CRD';
        yield {
          path,
          reason: 'FieldValueInvalid',
          problem,
          got,
          advice: `use a number up to ${LARGEST_INT32}`,
        };
      }
    }
  },
};
