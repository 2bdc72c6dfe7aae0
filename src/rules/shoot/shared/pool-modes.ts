export const POOL_MODES: readonly string[] = ['Always', 'Never', 'CrossSubnet', 'Off'];
export const VXLAN_POOL_MODES: readonly string[] = ['Always', 'Never'];

/** Whether a pool takes the mode; what it does not take is a finding of shoot/pools. */
export function isPoolMode(mode: string, pool: unknown): boolean {
  return (pool === 'vxlan' ? VXLAN_POOL_MODES : POOL_MODES).includes(mode);
}
