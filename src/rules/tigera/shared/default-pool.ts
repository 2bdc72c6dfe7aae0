import { isUnset, read } from '../../../policy/json.ts';
import type { InstallationView } from '../../../targets/installation-view.ts';

/** If the Installation has no pool and the cluster has none, the operator creates one with IP-in-IP; on EKS with VXLAN. */
export function getsIpipPool({ cni, ipam, network, provider }: InstallationView): boolean {
  const isUnsaid = isUnset(read(network, 'ipPools'));
  return isUnsaid && cni === 'Calico' && ipam === 'Calico' && provider !== 'EKS';
}

/** How to be explicit about pools; an empty list is for users who create IPPools themselves. */
export const WRITE_POOLS = 'write ipPools: a pool with VXLAN, or [] to create pools yourself';
