import type { BundleRuleFinding } from '../policy/evaluate.ts';
import { formatPath } from '../policy/field-path.ts';
import { addTo } from './groups.ts';
import { directoryOf, listAround } from './kustomization.ts';

// All documents of a repository are evaluated as one cluster, unless something shows that there are several. Two
// documents in unrelated directories may still belong to two clusters.

/** The file of a document, and what connects it to documents in other directories. */
export interface Place {
  readonly file: string;
  /** Names of the kustomizations, the chart and the cluster that it is a part of. */
  readonly ties: readonly string[];
}

/**
 * Returns a function that finds the documents near one, by their indexes: itself, those in its directory, in a parent or
 * child directory, and those with a common tie.
 */
function createNearFinder(places: readonly Place[]): (index: number) => ReadonlySet<number> {
  const inside = new Map<string, number[]>();
  const below = new Map<string, number[]>();
  const tied = new Map<string, number[]>();
  for (const [index, { file, ties }] of places.entries()) {
    const directory = directoryOf(file);
    addTo(inside, directory, index);
    for (const each of listAround(directory)) addTo(below, each, index);
    for (const tie of ties) addTo(tied, tie, index);
  }
  const known = new Map<string, ReadonlySet<number>>();
  return (index) => {
    const place = places[index];
    const directory = directoryOf(place?.file ?? '');
    const ties = place?.ties ?? [];
    const name = JSON.stringify([directory, ties]);
    const near = known.get(name) ?? collect(directory, ties);
    known.set(name, near);
    return near;
  };

  function collect(directory: string, ties: readonly string[]): ReadonlySet<number> {
    return new Set([
      ...(below.get(directory) ?? []),
      ...listAround(directory).flatMap((each) => inside.get(each) ?? []),
      ...ties.flatMap((tie) => tied.get(tie) ?? []),
    ]);
  }
}

/**
 * Turns errors into warnings where it is unknown whether the documents belong to one cluster. An error stays an error if
 * the documents near its own document are sufficient for it.
 * @param listPlaces returns the places of all documents, by their index; called only where there is an error
 * @param evaluate returns the findings in some of the documents
 */
export function doubtFar(
  findings: readonly BundleRuleFinding[],
  listPlaces: () => readonly Place[],
  evaluate: (indexes: ReadonlySet<number>) => readonly BundleRuleFinding[],
): readonly BundleRuleFinding[] {
  if (!findings.some(isError)) return findings;
  const places = listPlaces();
  const nearTo = createNearFinder(places);
  const confirmed = new Map<ReadonlySet<number>, ReadonlySet<string>>();
  const isConfirmed = (finding: BundleRuleFinding) => {
    const near = nearTo(finding.document.index);
    if (near.size === places.length) return true;
    const names = confirmed.get(near) ?? new Set(evaluate(near).filter(isError).map(nameOf));
    confirmed.set(near, names);
    return names.has(nameOf(finding));
  };
  return findings.map((finding): BundleRuleFinding => {
    if (!isError(finding) || isConfirmed(finding)) return finding;
    const advice = `${finding.advice}, if both files are for one cluster`;
    return { ...finding, action: 'warn', advice, fix: undefined };
  });
}

function isError({ action }: BundleRuleFinding): boolean {
  return action === 'deny';
}

function nameOf({ rule, document, path }: BundleRuleFinding): string {
  return JSON.stringify([rule, document.index, formatPath(path)]);
}
