import type { StatementOf } from '../../../policy/statement.ts';
import { type DocumentRef, type Said, statementsOf } from '../../../policy/types.ts';

/**
 * Whether a document is for a cluster on Azure, as far as others say: those in the same file come first, otherwise all
 * must agree.
 */
export function findAzure(said: readonly Said[]): (document: DocumentRef) => boolean {
  const clouds = statementsOf(said, 'cloud');
  const byFile = new Map<string, boolean>();
  for (const { cloud, document } of clouds) {
    byFile.set(document.file, (byFile.get(document.file) ?? true) && cloud === 'azure');
  }
  const isAll = clouds.length > 0 && clouds.every(({ cloud }) => cloud === 'azure');
  return ({ file }) => byFile.get(file) ?? isAll;
}

/** Pools whose IP-in-IP the network of Azure drops. */
export function listIpipOnAzure(said: readonly Said[]): Said<StatementOf<'ip-pool'>>[] {
  const isOnAzure = findAzure(said);
  return statementsOf(said, 'ip-pool').filter(
    (pool) => pool.encapsulation === 'ipip' && isOnAzure(pool.document),
  );
}
