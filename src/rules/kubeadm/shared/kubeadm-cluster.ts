import type { FactOf } from '../../../policy/fact.ts';
import { factsOf, type LocatedFact } from '../../../policy/types.ts';

/** What kubeadm gives to Services where nothing is written. */
export const DEFAULT_SERVICES = '10.96.0.0/12';

/**
 * The ClusterConfiguration of a cluster, or what kubeadm has uploaded of it. Undefined where there is none, and where
 * one file holds several: which of them the rest belongs to cannot be told.
 */
export function findKubeadm(
  cluster: readonly LocatedFact[],
): LocatedFact<FactOf<'kubeadm-cluster'>> | undefined {
  const all = factsOf(cluster, 'kubeadm-cluster');
  const files = all.filter(({ document }) => document.kind !== 'ConfigMap');
  const [only, ...others] = files.length > 0 ? files : all;
  return others.length > 0 ? undefined : only;
}
