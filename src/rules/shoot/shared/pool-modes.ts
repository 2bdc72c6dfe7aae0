import networkConfig from '../../../kinds/network-config.json' with { type: 'json' };
import { wordsAt } from '../../../schema/values.ts';

export const POOL_MODES = wordsAt(networkConfig, 'ipv4', 'mode');
/** Those that a pool of the kind vxlan takes, which is no matter of one field. */
export const VXLAN_POOL_MODES: readonly string[] = ['Always', 'Never'];

/** Whether a pool takes the mode; what it does not take is a finding of shoot/pools. */
export function isPoolMode(mode: string, pool: unknown): boolean {
  return (pool === 'vxlan' ? VXLAN_POOL_MODES : POOL_MODES).includes(mode);
}
