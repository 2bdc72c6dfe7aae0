// Entries of a network set. Felix ignores an entry that it cannot parse, and uses the rest: an allow list loses an
// entry, and a deny list gets a gap. Felix treats an empty text as an address, and panics.
import { isCidr } from '../../formats/cidr.ts';
import { parseIp } from '../../formats/ip.ts';
import { readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const networkSetRange: Rule<ObjectInput> = {
  id: 'calico/network-set-range',
  title: 'a network set must contain valid ranges and addresses',
  action: 'deny',
  docs: {
    why: 'Felix ignores an entry that it cannot parse: a rule that allows the set no longer allows the entry, and a rule that denies the set lets it pass. An empty text makes Felix panic on every node, again and again.',
    fix: 'Write ranges such as `192.0.2.0/24` and addresses such as `192.0.2.1`. Names, lists with commas and `first-last` are not valid.',
    good: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkSet
metadata:
  name: partners
  labels:
    role: partner
spec:
  nets: [192.0.2.0/24, 198.51.100.7]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkSet
metadata:
  name: partners
  labels:
    role: partner
spec:
  nets: [192.0.2.0-192.0.2.255]
`,
    source:
      'Calico, libcalico-go validator (cidr); conversion of network sets for Felix and its index of IP sets, run: entries dropped, nil pointer for an empty one',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const [index, got] of readList(spec, 'nets').entries()) {
      if (typeof got !== 'string' || isCidr(got) || parseIp(got)?.leadingZeros === false) continue;
      const path = ['spec', 'nets', index];
      if (got === '') {
        const problem = 'the entry is empty, which makes Felix panic';
        yield { path, reason: 'FieldValueInvalid', problem, advice: 'remove the entry' };
      } else {
        const advice = 'write a range or an address, such as 192.0.2.0/24';
        yield { path, reason: 'FieldValueInvalid', problem: 'must be a range or an address', got, advice };
      }
    }
  },
};
