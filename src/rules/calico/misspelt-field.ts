// A field that the CRD does not have is dropped without a word, unless kubectl asks for strictness: `bpfEnable: true` is
// stored as nothing at all. Our list may be older than the cluster's Calico, so only names are told that come near one
// that we know, and names beside spec, where there is nothing to add.
import { countSlips, nearest } from '../../formats/nearest.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ShapeProblem } from '../../schema/shape.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const calicoMisspeltField: Rule<ObjectInput> = {
  id: 'calico/misspelt-field',
  title: "the fields of Calico's resources are spelt right",
  action: 'warn',
  docs: {
    why: 'The API server drops a field that it does not know, and the default holds in its place: with `bpfEnable: true` nothing happens, and nobody says so.',
    fix: 'Write the name that the message gives. Names are case-sensitive.',
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

/** What there is to say of an unknown field that is surely a mistake. */
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
      problem: 'unknown, so it is dropped',
      got: name,
      advice: `write ${meant}`,
      fix,
    };
  }
  // Beside spec there is nothing that a newer release could add.
  return path.length === 1 ? problem : undefined;
}

/** The first letter is seldom wrong; a name with other words in it is rather one that we do not know. */
function isNear(name: string, meant: string): boolean {
  if (name.charAt(0).toLowerCase() !== meant.charAt(0).toLowerCase()) return false;
  const most = Math.max(1, Math.floor(Math.max(name.length, meant.length) / 5));
  return bare(name) === bare(meant) || countSlips(name.toLowerCase(), meant.toLowerCase()) <= most;
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}
