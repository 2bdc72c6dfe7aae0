import { factsOf, type LocatedFact } from '../../../policy/types.ts';

/**
 * The maximum number of nodes of each kOps cluster, from its InstanceGroups. A group that appears twice, in a file
 * and its copy, counts once, with the larger size.
 */
export function countNodes(facts: readonly LocatedFact[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, Map<string, number>>();
  for (const { cluster, maxSize, document } of factsOf(facts, 'instance-group')) {
    const groups = sizes.get(cluster) ?? new Map<string, number>();
    const name = document.name === '' ? String(document.index) : document.name;
    groups.set(name, Math.max(maxSize, groups.get(name) ?? 0));
    sizes.set(cluster, groups);
  }
  const sum = (groups: ReadonlyMap<string, number>) => [...groups.values()].reduce((a, b) => a + b, 0);
  return new Map([...sizes].map(([cluster, groups]) => [cluster, sum(groups)]));
}
