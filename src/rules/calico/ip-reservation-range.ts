// Ranges whose addresses Calico does not assign. CRDs up to 3.32 accept any text, and then IPAM of these releases
// panics at the entry whenever an address is needed, on every node.
import { isCidr } from '../../formats/cidr.ts';
import { parseIp } from '../../formats/ip.ts';
import { readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const ipReservationRange: Rule<ObjectInput> = {
  id: 'calico/ip-reservation-range',
  title: 'an IPReservation must have valid ranges',
  action: 'deny',
  docs: {
    why: 'Calico up to 3.32 panics at an entry that it cannot parse whenever it needs an address: no pod of the cluster gets one. Later releases ignore the entry, and assign its addresses to pods.',
    fix: 'Write ranges such as `10.244.0.0/28`. `10.244.0.1-10.244.0.9` and names are not valid.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPReservation
metadata:
  name: gateways
spec:
  reservedCIDRs: [10.244.0.0/28]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPReservation
metadata:
  name: gateways
spec:
  reservedCIDRs: [10.244.0.1-10.244.0.9]
`,
    source:
      'Calico 3.32.1, libcalico-go IPAM, run: nil pointer; Calico, IPReservation CRD and libcalico-go validator',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const [index, got] of readList(spec, 'reservedCIDRs').entries()) {
      if (typeof got !== 'string' || isCidr(got) || parseIp(got)?.leadingZeros === false) continue;
      const path = ['spec', 'reservedCIDRs', index];
      const problem = 'not a CIDR range, so IPAM up to Calico 3.32 panics';
      yield {
        path,
        reason: 'FieldValueInvalid',
        problem,
        got,
        advice: 'write a CIDR range, such as 10.244.0.0/28',
      };
    }
  },
};
