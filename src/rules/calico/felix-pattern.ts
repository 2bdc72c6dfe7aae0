// Patterns of interface names and of source files, in RE2 as in Go. No CRD compiles them. If Felix cannot compile one,
// it logs that and uses its default, and the eBPF dataplane then attaches to other interfaces than intended. `*` alone
// is the most common mistake.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkPattern } from './shared/pattern-advice.ts';

const FIELDS: readonly string[] = [
  'bpfDataIfacePattern',
  'bpfDisableGROForIfaces',
  'bpfL3IfacePattern',
  'logDebugFilenameRegex',
  'mtuIfacePattern',
  'nftablesFlowTableDataIfacePattern',
];

export const felixPattern: Rule<ObjectInput> = {
  id: 'calico/felix-pattern',
  title: 'patterns in a FelixConfiguration must be valid RE2',
  action: 'deny',
  docs: {
    why: 'No CRD compiles the pattern, and Felix falls back to its default: with eBPF, the intended interfaces are not protected or nodes cannot be reached. A pattern of more than 800 characters is not checked; that is a warning.',
    fix: 'Write a pattern in RE2, such as `^eth.*`. The pattern for all interfaces is `.*`, not `*`.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  mtuIfacePattern: ^eth.*
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  mtuIfacePattern: "*"
`,
    source: 'Calico, libcalico-go validator (tag regexp)',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const field of FIELDS) yield* checkPattern(['spec', field], read(spec, field));
  },
};
