import networkConfig from '../../../kinds/network-config.json' with { type: 'json' };
import { wordsAt } from '../../../schema/values.ts';

export const POOL_MODES = wordsAt(networkConfig, 'ipv4', 'mode');
/** The modes of a vxlan pool. The schema cannot say this, because it depends on two fields. */
export const VXLAN_POOL_MODES: readonly string[] = ['Always', 'Never'];

/** Whether the pool allows the mode; shoot/pools reports the modes that it does not allow. */
export function isPoolMode(mode: string, pool: unknown): boolean {
  return (pool === 'vxlan' ? VXLAN_POOL_MODES : POOL_MODES).includes(mode);
}
