// A set with all addresses of a family. The kernel's sets of nftables cannot hold such a range as Felix writes it.
import { parseCidr } from '../../formats/cidr.ts';
import { readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const networkSetEverything: Rule<ObjectInput> = {
  id: 'calico/network-set-everything',
  title: 'a network set does not hold all addresses',
  action: 'warn',
  docs: {
    why: 'With nftables Felix cannot write a set that holds 0.0.0.0/0 or ::/0, and stops (projectcalico/calico#13477).',
    fix: 'Leave the set out of the rule, which is then about all addresses, or write two halves: `0.0.0.0/1` and `128.0.0.0/1`.',
    good: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkSet
metadata:
  name: anywhere
  labels:
    role: anywhere
spec:
  nets: [0.0.0.0/1, 128.0.0.0/1]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkSet
metadata:
  name: anywhere
  labels:
    role: anywhere
spec:
  nets: [0.0.0.0/0]
`,
    source: 'projectcalico/calico#13477 (Calico 3.31, open)',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const [index, got] of readList(spec, 'nets').entries()) {
      // Most entries are something else, and reading each takes time.
      if (typeof got !== 'string' || !got.endsWith('/0') || parseCidr(got)?.prefix !== 0) continue;
      const advice = `write ${got.includes(':') ? '::/1 and 8000::/1' : '0.0.0.0/1 and 128.0.0.0/1'}`;
      const problem = 'Felix may stop at a set of all addresses, with nftables';
      yield { path: ['spec', 'nets', index], reason: 'FieldValueInvalid', problem, got, advice };
    }
  },
};
