import { factsOf, type LocatedFact } from '../../policy/types.ts';

/**
 * Whether a document of the cluster lets the eBPF dataplane and kube-proxy coexist. According to the documentation, Felix
 * must not remove kube-proxy's rules and must not use its port. The Tigera operator does the second by itself where it
 * does not manage kube-proxy (operator, core_controller.go, disableBPFKubeProxyHealthz).
 */
export function coexistsWithKubeProxy(cluster: readonly LocatedFact[]): boolean {
  const ebpf = factsOf(cluster, 'ebpf');
  if (ebpf.some(({ handlesKubeProxy }) => handlesKubeProxy)) return true;
  const isOfOperator = ebpf.some(({ by }) => by === 'installation');
  const settings = factsOf(cluster, 'kube-proxy-coexistence');
  return settings.some(({ port }) => port === 'left' || (port === 'unset' && isOfOperator));
}
