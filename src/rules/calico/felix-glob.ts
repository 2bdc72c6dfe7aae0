// Patterns of interfaces that are written as globs. They can be compiled, so that Felix takes them, and they match what
// nobody meant. What cannot be compiled is a finding of calico/felix-pattern.
import { meantByGlob } from '../../formats/glob.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const FIELDS: readonly string[] = [
  'bpfDataIfacePattern',
  'bpfDisableGROForIfaces',
  'bpfL3IfacePattern',
  'mtuIfacePattern',
  'nftablesFlowTableDataIfacePattern',
];

export const felixGlob: Rule<ObjectInput> = {
  id: 'calico/felix-glob',
  title: 'patterns of interfaces are no globs',
  action: 'warn',
  docs: {
    why: 'These are regular expressions, which match anywhere in a name: `en*` matches every name with an e. The eBPF dataplane attaches to interfaces that it must leave alone, or Felix takes the MTU of another interface.',
    fix: 'Write `^en.*`.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  mtuIfacePattern: ^en.*
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  mtuIfacePattern: en*
`,
    source: 'Calico, documentation of bpfDataIfacePattern and mtuIfacePattern; Go, regexp (MatchString)',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const field of FIELDS) {
      const got = readString(spec, field) ?? '';
      const meant = meantByGlob(got);
      if (meant === undefined) continue;
      const problem = 'no glob: the star repeats the letter before it';
      const fix = { kind: 'replace', value: meant } as const;
      yield {
        path: ['spec', field],
        reason: 'FieldValueInvalid',
        problem,
        got,
        advice: `write ${meant}`,
        fix,
      };
    }
  },
};
