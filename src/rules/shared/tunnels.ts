import type { StatementOf } from '../../policy/statement.ts';
import { type Said, statementsOf } from '../../policy/types.ts';

/**
 * Whether packets between nodes go through a tunnel: by the environment of calico-node, which makes the first pool, or by
 * a pool that is in use.
 * @param isMeant which pools count; left out: all of them
 */
export function usesTunnel(
  cluster: readonly Said[],
  tunnel: 'ipip' | 'vxlan',
  isMeant: (pool: StatementOf<'pool'>) => boolean = () => true,
): boolean {
  return (
    statementsOf(cluster, 'calico-node').some(({ tunnels }) => tunnels[tunnel] !== undefined) ||
    statementsOf(cluster, 'pool').some(
      (pool) => !pool.isDisabled && pool.encapsulation === tunnel && isMeant(pool),
    )
  );
}
