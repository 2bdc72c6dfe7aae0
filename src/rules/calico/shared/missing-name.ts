import { nearest } from '../../../formats/nearest.ts';
import type { BundleFinding, LocatedFact } from '../../../policy/types.ts';

/** A name that an object refers to, and its path. */
export interface UsedName extends Pick<LocatedFact, 'document'>, Pick<BundleFinding, 'path'> {
  readonly name: string;
}

/** The largest number of names that a misspelled one is compared with. */
const MAX_COMPARED = 100;

/**
 * Names that no object among the files has. There is no finding if the files have no object of the kind,
 * because all of them may then be elsewhere.
 * @param kind as it is written in manifests
 * @param known names of the objects of the kind that are among the files
 */
export function* findMissingNames(
  kind: string,
  known: readonly string[],
  used: readonly UsedName[],
): Generator<BundleFinding> {
  const names = [...new Set(known)];
  if (names.length === 0) return;
  for (const { document, path, name } of used) {
    if (names.includes(name)) continue;
    const meant = nearest(name, names.slice(0, MAX_COMPARED));
    const advice =
      meant === undefined ? `add the ${kind}, or correct the name` : `write ${meant}, or add the ${kind}`;
    const problem = `the files have no ${kind} with this name`;
    yield { document, path, reason: 'FieldValueInvalid', problem, got: name, advice };
  }
}
