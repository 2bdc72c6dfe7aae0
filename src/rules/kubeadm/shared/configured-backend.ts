import { factsOf, type LocatedFact } from '../../../policy/types.ts';

/** The `calico_backend` of ConfigMap calico-config, for a calico-node whose environment does not set it. */
export function findConfiguredBackend(cluster: readonly LocatedFact[]): string | undefined {
  return factsOf(cluster, 'backend').find(({ document }) => document.kind === 'ConfigMap')?.backend;
}
