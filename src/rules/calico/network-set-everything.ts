// A set with all addresses of a family. The sets of nftables in the kernel cannot store such a range in the form that
// Felix writes.
import { parseCidr } from '../../formats/cidr.ts';
import { readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const networkSetEverything: Rule<ObjectInput> = {
  id: 'calico/network-set-everything',
  title: 'a network set should not contain all addresses',
  action: 'warn',
  docs: {
    why: 'With nftables Felix cannot write a set that contains 0.0.0.0/0 or ::/0, and stops (projectcalico/calico#13477).',
    fix: 'Remove the set from the rule, which then matches all addresses, or write two halves: `0.0.0.0/1` and `128.0.0.0/1`.',
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
      // Most entries are other ranges, and parsing each takes time.
      if (typeof got !== 'string' || !got.endsWith('/0') || parseCidr(got)?.prefix !== 0) continue;
      const advice = `write ${got.includes(':') ? '::/1 and 8000::/1' : '0.0.0.0/1 and 128.0.0.0/1'}`;
      const problem = 'with nftables Felix may stop at a set of all addresses';
      yield { path: ['spec', 'nets', index], reason: 'FieldValueInvalid', problem, got, advice };
    }
  },
};
