// Patterns of interface names and of source files, in RE2 as Go runs it. No CRD compiles them; Felix cannot, logs it and
// takes its default, and the eBPF dataplane is then not where it was meant to be. `*` alone is the classic.
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
  title: 'patterns of Felix can be compiled',
  action: 'deny',
  docs: {
    why: 'No CRD compiles the pattern, and Felix falls back to its default: with eBPF, nodes are not protected or not reachable on the interfaces that were meant. A pattern of more than 800 characters is not looked at, which is a warning.',
    fix: 'Write a pattern in RE2, such as `^eth.*`; all interfaces are `.*`, not `*`.',
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
