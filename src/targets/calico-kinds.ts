import { isUnset, type JsonObject, read, readList, readString } from '../policy/json.ts';
import type { Statement } from '../policy/statement.ts';
import type { Api, Target } from '../policy/types.ts';
import type { Shape } from '../schema/shape.ts';
import { CALICO_APIS, STORAGE_GROUP } from './calico.ts';
import { createObjectTarget, type ObjectInput, type ObjectTargetOptions } from './object.ts';

type CalicoKind = Pick<ObjectTargetOptions, 'kind' | 'resource' | 'registration' | 'scope' | 'statements'> & {
  readonly apis?: readonly [Api, ...Api[]];
};

export const BGP_PEER: CalicoKind = {
  kind: 'BGPPeer',
  resource: 'bgppeers',
  registration: 'bgp',
  statements: statePeer,
};
export const BGP_FILTER: CalicoKind = {
  kind: 'BGPFilter',
  resource: 'bgpfilters',
  registration: 'bgp',
  statements: () => [{ about: 'bgp-filter', path: ['metadata', 'name'] }],
};
export const GLOBAL_NETWORK_POLICY: CalicoKind = {
  kind: 'GlobalNetworkPolicy',
  resource: 'globalnetworkpolicies',
  registration: 'policies',
  statements: stateGlobalPolicy,
};
/** Not that of Kubernetes, which is in networking.k8s.io. */
export const NETWORK_POLICY: CalicoKind = {
  kind: 'NetworkPolicy',
  resource: 'networkpolicies',
  registration: 'policies',
  scope: 'Namespaced',
  statements: stateTier,
};
export const STAGED_GLOBAL_NETWORK_POLICY: CalicoKind = {
  kind: 'StagedGlobalNetworkPolicy',
  resource: 'stagedglobalnetworkpolicies',
  registration: 'policies',
  statements: stateTier,
};
export const STAGED_NETWORK_POLICY: CalicoKind = {
  kind: 'StagedNetworkPolicy',
  resource: 'stagednetworkpolicies',
  registration: 'policies',
  scope: 'Namespaced',
  statements: stateTier,
};
export const GLOBAL_NETWORK_SET: CalicoKind = {
  kind: 'GlobalNetworkSet',
  resource: 'globalnetworksets',
  registration: 'policies',
};
export const NETWORK_SET: CalicoKind = {
  kind: 'NetworkSet',
  resource: 'networksets',
  registration: 'policies',
  scope: 'Namespaced',
};
export const HOST_ENDPOINT: CalicoKind = {
  kind: 'HostEndpoint',
  resource: 'hostendpoints',
  registration: 'policies',
  statements: () => [{ about: 'host-endpoint', path: ['spec', 'node'] }],
};
export const IP_RESERVATION: CalicoKind = {
  kind: 'IPReservation',
  resource: 'ipreservations',
  registration: 'ipam',
};
export const TIER: CalicoKind = {
  kind: 'Tier',
  resource: 'tiers',
  registration: 'policies',
  statements: () => [{ about: 'tier', path: ['metadata', 'name'] }],
};
export const IPAM_CONFIGURATION: CalicoKind = {
  kind: 'IPAMConfiguration',
  resource: 'ipamconfigurations',
  registration: 'ipam',
  apis: [{ group: 'projectcalico.org', versions: ['v3'] }],
};
/** The same as it is stored, under another name. */
export const IPAM_CONFIG: CalicoKind = {
  kind: 'IPAMConfig',
  resource: 'ipamconfigs',
  registration: 'ipam',
  apis: [{ group: STORAGE_GROUP, versions: ['v1'] }],
};

export function createCalicoTarget(kind: CalicoKind, shape: Shape): Target<ObjectInput> {
  return createObjectTarget({ id: 'calico', apis: CALICO_APIS, ...kind, shape });
}

function* statePeer({ spec }: ObjectInput): Generator<Statement> {
  yield { about: 'bgp-peer', path: ['spec'] };
  for (const [index, filter] of readList(spec, 'filters').entries()) {
    if (typeof filter === 'string') yield { about: 'used-filter', path: ['spec', 'filters', index], filter };
  }
}

function* stateTier({ spec }: ObjectInput): Generator<Statement> {
  const tier = readString(spec, 'tier') ?? '';
  if (tier !== '') yield { about: 'tiered-policy', path: ['spec', 'tier'], tier };
}

function* stateGlobalPolicy(input: ObjectInput): Generator<Statement> {
  yield* stateTier(input);
  const { spec } = input;
  const isForAll = /^[ \t]*(?:all\([ \t]*\)[ \t]*)?$/.test(readString(spec, 'selector') ?? '');
  const isNarrowed = ['namespaceSelector', 'serviceAccountSelector'].some(
    (field) => (readString(spec, field) ?? '') !== '',
  );
  const isForHosts = read(spec, 'preDNAT') === true || read(spec, 'doNotTrack') === true;
  if (!isForAll || isNarrowed || isForHosts || !deniesSomething(spec)) return;
  yield { about: 'host-policy', path: ['spec', 'selector'] };
}

/** Whether a direction of the policy does without a rule that allows, or passes on, whatever comes. */
function deniesSomething(spec: JsonObject): boolean {
  const types = readList(spec, 'types');
  const hasEgress = readList(spec, 'egress').length > 0;
  const hasIngress = readList(spec, 'ingress').length > 0 || !hasEgress;
  const about = { Ingress: hasIngress, Egress: hasEgress };
  return (['Ingress', 'Egress'] as const).some((type) => {
    if (!(types.length > 0 ? types.includes(type) : about[type])) return false;
    return !readList(spec, type.toLowerCase()).some(isForEverything);
  });
}

const FILTERS = ['protocol', 'notProtocol', 'ipVersion', 'icmp', 'notICMP', 'source', 'destination', 'http'];

function isForEverything(rule: unknown): boolean {
  const action = read(rule, 'action');
  return (action === 'Allow' || action === 'Pass') && FILTERS.every((field) => isUnset(read(rule, field)));
}
