import type { LocatedFact } from '../../policy/types.ts';

/**
 * What belongs together: everything, as long as all documents can be of one cluster; else what stands in the same
 * file, because nothing else tells clusters apart. What is of a cluster of its own, as with kOps and Gardener, is in none
 * of them.
 * The same object in two files is a base and its overlay, or two clusters: what is true of one file is not of another.
 */
export function* groupByCluster(facts: readonly LocatedFact[]): Generator<readonly LocatedFact[]> {
  const ours = facts.filter(({ membership }) => membership !== 'apart' && membership !== 'own');
  const hasOther = facts.some(({ membership }) => membership === 'own');
  if (!hasOther && !isWrittenTwice(ours) && !hasSeveral(ours)) {
    yield ours;
    return;
  }
  const files = new Map<string, LocatedFact[]>();
  for (const each of ours) {
    const inFile = files.get(each.document.file);
    if (inFile === undefined) files.set(each.document.file, [each]);
    else inFile.push(each);
  }
  yield* files.values();
}

function isWrittenTwice(facts: readonly LocatedFact[]): boolean {
  const files = new Map<string, string>();
  for (const { document } of facts) {
    if (document.name === '') continue;
    const object = JSON.stringify([document.kind, document.namespace, document.name]);
    const file = files.get(object);
    if (file !== undefined && file !== document.file) return true;
    files.set(object, document.file);
  }
  return false;
}

/** Whether there are several of a kind that a cluster has once. */
function hasSeveral(facts: readonly LocatedFact[]): boolean {
  const indexes = new Map<string, number>();
  return facts.some(({ membership, document: { kind, index } }) => {
    if (membership !== 'once') return false;
    const known = indexes.get(kind);
    indexes.set(kind, index);
    return known !== undefined && known !== index;
  });
}
