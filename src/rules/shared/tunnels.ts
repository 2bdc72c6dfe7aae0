import type { FactOf } from '../../policy/fact.ts';
import { factsOf, type LocatedFact } from '../../policy/types.ts';

/**
 * Whether packets between nodes go through a tunnel: because of the environment of calico-node, which creates the first pool, or
 * because of a pool that is in use.
 * @param isMeant selects the pools that count; by default all of them
 */
export function usesTunnel(
  cluster: readonly LocatedFact[],
  tunnel: 'ipip' | 'vxlan',
  isMeant: (pool: FactOf<'pool'>) => boolean = () => true,
): boolean {
  return (
    factsOf(cluster, 'calico-node').some(({ tunnels }) => tunnels[tunnel] !== undefined) ||
    factsOf(cluster, 'pool').some(
      (pool) => !pool.isDisabled && pool.encapsulation === tunnel && isMeant(pool),
    )
  );
}
