// This rule reports a single address. Calico accepts it as a range with one address; the CRD of 3.33 needs the prefix
// length.
import { parseIp } from '../../formats/ip.ts';
import { readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const ipReservationAddress: Rule<ObjectInput> = {
  id: 'calico/ip-reservation-address',
  title: 'a reserved address should have a prefix length',
  action: 'warn',
  docs: {
    why: 'The CRD of Calico 3.33, which is not released yet, accepts only ranges, and rejects an address without a prefix length. The object works until the upgrade; afterwards every change of it is rejected.',
    fix: 'Append `/32`, or `/128` with IPv6.',
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
      const problem = 'the prefix length is missing, and Calico 3.33 and later reject that';
      const value = `${got}/${ip.family === 'IPv4' ? 32 : 128}`;
      const fix = { kind: 'replace', value } as const;
      yield { path, reason: 'FieldValueInvalid', problem, got, advice: `write ${value}`, fix };
    }
  },
};
