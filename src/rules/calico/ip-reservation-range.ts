// Ranges that Calico gives nobody. CRDs up to 3.32 take any text, and then IPAM of these releases panics at the entry:
// whenever an address is wanted, on every node.
import { isCidr } from '../../formats/cidr.ts';
import { parseIp } from '../../formats/ip.ts';
import { readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const ipReservationRange: Rule<ObjectInput> = {
  id: 'calico/ip-reservation-range',
  title: 'a reservation holds ranges that can be read',
  action: 'deny',
  docs: {
    why: 'Calico up to 3.32 panics at an entry that it cannot read whenever it is asked for an address: no pod of the cluster gets one. Later releases leave the entry out, and its addresses are given to pods.',
    fix: 'Write ranges such as `10.244.0.0/28`; `10.244.0.1-10.244.0.9` and names are none.',
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
      const problem = 'not a range, and IPAM up to Calico 3.32 panics';
      yield { path, reason: 'FieldValueInvalid', problem, got, advice: 'write one, such as 10.244.0.0/28' };
    }
  },
};
