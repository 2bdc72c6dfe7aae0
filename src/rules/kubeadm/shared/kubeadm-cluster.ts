import type { FactOf } from '../../../policy/fact.ts';
import { factsOf, type LocatedFact } from '../../../policy/types.ts';

/** The default Service range of kubeadm. */
export const DEFAULT_SERVICES = '10.96.0.0/12';

/**
 * The ClusterConfiguration of a cluster, or the copy that kubeadm uploaded. Undefined if there is none, or if
 * one file has several: then it is unknown which of them the other documents belong to.
 */
export function findKubeadm(
  cluster: readonly LocatedFact[],
): LocatedFact<FactOf<'kubeadm-cluster'>> | undefined {
  const all = factsOf(cluster, 'kubeadm-cluster');
  const files = all.filter(({ document }) => document.kind !== 'ConfigMap');
  const [only, ...others] = files.length > 0 ? files : all;
  return others.length > 0 ? undefined : only;
}
