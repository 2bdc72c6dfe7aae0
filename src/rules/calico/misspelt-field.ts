// The API server drops a field that the CRD does not have, without an error unless kubectl validates strictly:
// `bpfEnable: true` has no effect. Our list may be older than the Calico of the cluster, so only names that are close
// to a known name are reported, and names beside spec, where a release adds nothing.
import { countTypos, nearest } from '../../formats/nearest.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ShapeProblem } from '../../schema/shape.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const calicoMisspeltField: Rule<ObjectInput> = {
  id: 'calico/misspelt-field',
  title: 'the fields of Calico resources should be spelled correctly',
  action: 'warn',
  docs: {
    why: 'The API server drops an unknown field, and the default applies: `bpfEnable: true` has no effect, and there is no error.',
    fix: 'Write the name from the message. Names are case-sensitive.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  bpfEnabled: true
  bpfDataIfacePattern: ^eth.*
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  bpfEnable: true
`,
    source: 'Calico, CRDs of its resources',
    since: '0.1.0',
  },
  *check({ shape }) {
    for (const problem of shape) {
      const finding = findMisspelt(problem);
      if (finding !== undefined) yield finding;
    }
  },
};

/** The finding for an unknown field that is certainly a mistake. */
export function findMisspelt(problem: ShapeProblem): Finding | undefined {
  if (problem.kind !== 'unknown-field') return undefined;
  const { path, at, reason, known = [], fix } = problem;
  const name = String(path.at(-1));
  const meant = nearest(name, known);
  if (meant !== undefined && isNear(name, meant)) {
    return {
      path,
      at,
      reason,
      problem: 'this unknown field is dropped',
      got: name,
      advice: `write ${meant}`,
      fix,
    };
  }
  // A newer release adds no fields beside spec.
  return path.length === 1 ? problem : undefined;
}

/** The first letter is rarely wrong; a name with other words in it is more likely one that we do not know. */
function isNear(name: string, meant: string): boolean {
  if (name.charAt(0).toLowerCase() !== meant.charAt(0).toLowerCase()) return false;
  const most = Math.max(1, Math.floor(Math.max(name.length, meant.length) / 5));
  return bare(name) === bare(meant) || countTypos(name.toLowerCase(), meant.toLowerCase()) <= most;
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}
