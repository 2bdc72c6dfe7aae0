import { isUnset, read } from '../../../policy/json.ts';
import type { InstallationView } from '../../../targets/installation-view.ts';

/** Where the operator is told of no pool, and finds none in the cluster, it makes one with IP-in-IP; on EKS with VXLAN. */
export function getsIpipPool({ cni, ipam, network, provider }: InstallationView): boolean {
  const isUnsaid = isUnset(read(network, 'ipPools'));
  return isUnsaid && cni === 'Calico' && ipam === 'Calico' && provider !== 'EKS';
}

/** How to be clear about pools; an empty list is for those who make them as objects of their own. */
export const WRITE_POOLS = 'write ipPools: a pool with VXLAN, or [] if you make them yourself';
