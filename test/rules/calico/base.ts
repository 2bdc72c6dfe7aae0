import type { Base } from '../../support/rule-tester.ts';

export type Kind =
  | 'IPPool'
  | 'FelixConfiguration'
  | 'BGPConfiguration'
  | 'KubeControllersConfiguration'
  | 'BGPPeer'
  | 'BGPFilter'
  | 'GlobalNetworkPolicy'
  | 'NetworkPolicy'
  | 'StagedGlobalNetworkPolicy'
  | 'StagedNetworkPolicy'
  | 'GlobalNetworkSet'
  | 'NetworkSet'
  | 'HostEndpoint'
  | 'IPReservation'
  | 'Tier'
  | 'IPAMConfiguration';

export interface Written {
  readonly spec?: unknown;
  readonly metadataName?: string;
}

export function resource(kind: Kind, spec: unknown, name = 'default'): object {
  return { apiVersion: 'projectcalico.org/v3', kind, metadata: { name }, spec };
}

/** A resource of that kind, alone in its review. */
export function calico(kind: Kind): Base<Written> {
  return { write: ({ spec, metadataName }) => [resource(kind, spec, metadataName)], by: 'review' };
}
