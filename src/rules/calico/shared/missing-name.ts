import { nearest } from '../../../formats/nearest.ts';
import type { BundleFinding, LocatedFact } from '../../../policy/types.ts';

/** A name that an object gives, and where. */
export interface UsedName extends Pick<LocatedFact, 'document'>, Pick<BundleFinding, 'path'> {
  readonly name: string;
}

/** Most names that a misspelt one is compared with. */
const MAX_COMPARED = 100;

/**
 * Names that are given, and that no object among the files has. Nothing is found where there is no object of the kind,
 * because then all of them may lie elsewhere.
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
    const advice = meant === undefined ? 'add it' : `write ${meant}, or add it`;
    const problem = `no ${kind} of this name is among the files`;
    yield { document, path, reason: 'FieldValueInvalid', problem, got: name, advice };
  }
}
