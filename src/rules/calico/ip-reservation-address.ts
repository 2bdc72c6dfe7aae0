// A single address. Calico takes it for a range of one; the CRD of 3.33 wants the length.
import { parseIp } from '../../formats/ip.ts';
import { readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const ipReservationAddress: Rule<ObjectInput> = {
  id: 'calico/ip-reservation-address',
  title: 'an address that is reserved has its length',
  action: 'warn',
  docs: {
    why: 'The CRD of Calico 3.33, which is not released yet, takes ranges only, and rejects an address without a length. It works until the upgrade; after it every change of the object is rejected.',
    fix: 'Append `/32`, with IPv6 `/128`.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPReservation
metadata:
  name: gateways
spec:
  reservedCIDRs: [10.244.0.1/32]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPReservation
metadata:
  name: gateways
spec:
  reservedCIDRs: [10.244.0.1]
`,
    source: 'Calico, IPReservation CRD of the branch for 3.33: format cidr',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const [index, got] of readList(spec, 'reservedCIDRs').entries()) {
      const ip = typeof got === 'string' ? parseIp(got) : undefined;
      if (ip === undefined || ip.leadingZeros) continue;
      const path = ['spec', 'reservedCIDRs', index];
      const problem = 'an address without its length, rejected from Calico 3.33 on';
      const value = `${got}/${ip.family === 'IPv4' ? 32 : 128}`;
      const fix = { kind: 'replace', value } as const;
      yield { path, reason: 'FieldValueInvalid', problem, got, advice: `write ${value}`, fix };
    }
  },
};
