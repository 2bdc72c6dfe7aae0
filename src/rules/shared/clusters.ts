import type { LocatedFact } from '../../policy/types.ts';

/**
 * Groups documents by cluster: all documents, as long as they can belong to one cluster; otherwise the documents of the same
 * file, because nothing else distinguishes clusters. A document that describes its own cluster, as with kOps and Gardener, is in none
 * of them.
 * The same object in two files is a base and its overlay, or two clusters: what holds for one file need not hold for the other.
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

/** Whether there are several objects of a kind that a cluster has only once. */
function hasSeveral(facts: readonly LocatedFact[]): boolean {
  const indexes = new Map<string, number>();
  return facts.some(({ membership, document: { kind, index } }) => {
    if (membership !== 'once') return false;
    const known = indexes.get(kind);
    indexes.set(kind, index);
    return known !== undefined && known !== index;
  });
}
