import { factsOf, type LocatedFact } from '../../policy/types.ts';

/**
 * Whether a document of the cluster sees to it that the eBPF dataplane and kube-proxy do not fight. As documented, Felix
 * must leave kube-proxy's rules alone and must not want its port. The second the Tigera operator does by itself where it
 * does not manage kube-proxy (operator, core_controller.go, disableBPFKubeProxyHealthz).
 */
export function coexistsWithKubeProxy(cluster: readonly LocatedFact[]): boolean {
  const ebpf = factsOf(cluster, 'ebpf');
  if (ebpf.some(({ handlesKubeProxy }) => handlesKubeProxy)) return true;
  const isOfOperator = ebpf.some(({ by }) => by === 'installation');
  const settings = factsOf(cluster, 'kube-proxy-coexistence');
  return settings.some(({ port }) => port === 'left' || (port === 'unset' && isOfOperator));
}
