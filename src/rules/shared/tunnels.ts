import type { FactOf } from '../../policy/fact.ts';
import { factsOf, type LocatedFact } from '../../policy/types.ts';

/**
 * Whether packets between nodes go through a tunnel: by the environment of calico-node, which makes the first pool, or by
 * a pool that is in use.
 * @param isMeant which pools count; left out: all of them
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
