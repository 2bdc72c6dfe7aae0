// This rule reports patterns of interfaces that are written as globs. They can be compiled, so Felix accepts them, but
// they match other names than the user meant. calico/felix-pattern reports patterns that cannot be compiled.
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
  title: 'interface patterns should be regular expressions, not globs',
  action: 'warn',
  docs: {
    why: 'These are regular expressions, which match anywhere in a name: `en*` matches every name with an e. The eBPF dataplane attaches to interfaces that it must not use, or Felix uses the MTU of another interface.',
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
      const problem = 'not a glob: * repeats the character before it';
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
