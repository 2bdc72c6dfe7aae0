import type { FactOf } from '../../../policy/fact.ts';
import { type DocumentRef, factsOf, type LocatedFact } from '../../../policy/types.ts';

/**
 * Whether a document is for a cluster on Azure, according to other documents: first those in the same file; otherwise all
 * must agree.
 */
export function findAzure(facts: readonly LocatedFact[]): (document: DocumentRef) => boolean {
  const clouds = factsOf(facts, 'cloud');
  const byFile = new Map<string, boolean>();
  for (const { cloud, document } of clouds) {
    byFile.set(document.file, (byFile.get(document.file) ?? true) && cloud === 'azure');
  }
  const isAll = clouds.length > 0 && clouds.every(({ cloud }) => cloud === 'azure');
  return ({ file }) => byFile.get(file) ?? isAll;
}

/** Pools with IP-in-IP, which the network of Azure drops. */
export function listIpipOnAzure(facts: readonly LocatedFact[]): LocatedFact<FactOf<'ip-pool'>>[] {
  const isOnAzure = findAzure(facts);
  return factsOf(facts, 'ip-pool').filter(
    (pool) => pool.encapsulation === 'ipip' && isOnAzure(pool.document),
  );
}
