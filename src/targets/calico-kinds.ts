import type { Api, Target } from '../policy/types.ts';
import type { Shape } from '../schema/shape.ts';
import { CALICO_APIS, STORAGE_GROUP } from './calico.ts';
import { createObjectTarget, type ObjectInput, type ObjectTargetOptions } from './object.ts';

type CalicoKind = Pick<ObjectTargetOptions, 'kind' | 'resource' | 'scope' | 'statements'> & {
  readonly apis?: readonly [Api, ...Api[]];
};

export const BGP_PEER: CalicoKind = { kind: 'BGPPeer', resource: 'bgppeers' };
export const BGP_FILTER: CalicoKind = { kind: 'BGPFilter', resource: 'bgpfilters' };
export const GLOBAL_NETWORK_POLICY: CalicoKind = {
  kind: 'GlobalNetworkPolicy',
  resource: 'globalnetworkpolicies',
};
/** Not that of Kubernetes, which is in networking.k8s.io. */
export const NETWORK_POLICY: CalicoKind = {
  kind: 'NetworkPolicy',
  resource: 'networkpolicies',
  scope: 'Namespaced',
};
export const STAGED_GLOBAL_NETWORK_POLICY: CalicoKind = {
  kind: 'StagedGlobalNetworkPolicy',
  resource: 'stagedglobalnetworkpolicies',
};
export const STAGED_NETWORK_POLICY: CalicoKind = {
  kind: 'StagedNetworkPolicy',
  resource: 'stagednetworkpolicies',
  scope: 'Namespaced',
};
export const GLOBAL_NETWORK_SET: CalicoKind = { kind: 'GlobalNetworkSet', resource: 'globalnetworksets' };
export const NETWORK_SET: CalicoKind = { kind: 'NetworkSet', resource: 'networksets', scope: 'Namespaced' };
export const HOST_ENDPOINT: CalicoKind = { kind: 'HostEndpoint', resource: 'hostendpoints' };
export const IP_RESERVATION: CalicoKind = { kind: 'IPReservation', resource: 'ipreservations' };
export const TIER: CalicoKind = { kind: 'Tier', resource: 'tiers' };
export const IPAM_CONFIGURATION: CalicoKind = {
  kind: 'IPAMConfiguration',
  resource: 'ipamconfigurations',
  apis: [{ group: 'projectcalico.org', versions: ['v3'] }],
};
/** The same as it is stored, under another name. */
export const IPAM_CONFIG: CalicoKind = {
  kind: 'IPAMConfig',
  resource: 'ipamconfigs',
  apis: [{ group: STORAGE_GROUP, versions: ['v1'] }],
};

export function createCalicoTarget(kind: CalicoKind, shape: Shape): Target<ObjectInput> {
  return createObjectTarget({ id: 'calico', apis: CALICO_APIS, ...kind, shape });
}
