import { readSelector } from '../formats/selector.ts';
import bgpFilter from '../kinds/bgp-filter.json' with { type: 'json' };
import bgpFilterRule from '../kinds/bgp-filter-rule.json' with { type: 'json' };
import bgpPeer from '../kinds/bgp-peer.json' with { type: 'json' };
import entityRule from '../kinds/entity-rule.json' with { type: 'json' };
import globalNetworkPolicy from '../kinds/global-network-policy.json' with { type: 'json' };
import globalNetworkSet from '../kinds/global-network-set.json' with { type: 'json' };
import hostEndpoint from '../kinds/host-endpoint.json' with { type: 'json' };
import ipReservation from '../kinds/ip-reservation.json' with { type: 'json' };
import ipamConfiguration from '../kinds/ipam-configuration.json' with { type: 'json' };
import networkPolicy from '../kinds/network-policy.json' with { type: 'json' };
import networkSet from '../kinds/network-set.json' with { type: 'json' };
import policyRule from '../kinds/policy-rule.json' with { type: 'json' };
import stagedGlobalNetworkPolicy from '../kinds/staged-global-network-policy.json' with { type: 'json' };
import stagedNetworkPolicy from '../kinds/staged-network-policy.json' with { type: 'json' };
import tier from '../kinds/tier.json' with { type: 'json' };
import type { Fact } from '../policy/fact.ts';
import { isUnset, type JsonObject, read, readList, readMap, readString } from '../policy/json.ts';
import type { Api, Target } from '../policy/types.ts';
import type { JsonSchema } from '../schema/json-schema.ts';
import { createValueShape } from '../schema/shape.ts';
import { CALICO_APIS, nameOf, STORAGE_GROUP } from './calico.ts';
import { createObjectTarget, type ObjectInput, type ObjectTargetOptions } from './object.ts';

declare module '../policy/fact.ts' {
  interface Facts {
    /** A Tier. Its name is the name of the document. */
    tier: unknown;
    /** A Calico policy that names a tier. */
    'tiered-policy': {
      readonly tier: string;
    };
    /** A policy that selects all pods and all host endpoints, and does not allow everything. */
    'host-policy': unknown;
    /** A host endpoint, or the setting that Calico creates one for each node. */
    'host-endpoint': {
      /** The names of its labels. Undefined where it has those of its node. */
      readonly labels: readonly string[] | undefined;
    };
    /** A GlobalNetworkPolicy that selects by labels. */
    'policy-by-labels': {
      readonly labels: readonly string[];
    };
    /** A BGPFilter. Its name is the name of the document. */
    'bgp-filter': unknown;
    /** A filter that a BGPPeer names. */
    'used-filter': {
      readonly filter: string;
    };
    /** Any BGPPeer. */
    'bgp-peer': unknown;
    /** The IPAM configuration of Calico: only one object is read. */
    'ipam-configuration': {
      /** Whether nodes take no addresses from blocks of other nodes. */
      readonly isStrict: boolean;
    };
  }
}

type CalicoKind = Pick<ObjectTargetOptions, 'kind' | 'resource' | 'registration' | 'scope' | 'listFacts'> & {
  readonly apis?: readonly [Api, ...Api[]];
  readonly schema: JsonSchema;
};

export const BGP_PEER: CalicoKind = {
  kind: 'BGPPeer',
  resource: 'bgppeers',
  registration: 'bgp',
  schema: bgpPeer,
  listFacts: listPeerFacts,
};
export const BGP_FILTER: CalicoKind = {
  kind: 'BGPFilter',
  resource: 'bgpfilters',
  registration: 'bgp',
  schema: bgpFilter,
  listFacts: () => [{ about: 'bgp-filter', path: ['metadata', 'name'] }],
};
export const GLOBAL_NETWORK_POLICY: CalicoKind = {
  kind: 'GlobalNetworkPolicy',
  resource: 'globalnetworkpolicies',
  registration: 'policies',
  schema: globalNetworkPolicy,
  listFacts: listGlobalPolicyFacts,
};
/** Not the kind of Kubernetes, which is in networking.k8s.io. */
export const NETWORK_POLICY: CalicoKind = {
  kind: 'NetworkPolicy',
  resource: 'networkpolicies',
  registration: 'policies',
  schema: networkPolicy,
  scope: 'Namespaced',
  listFacts: listTierFacts,
};
export const STAGED_GLOBAL_NETWORK_POLICY: CalicoKind = {
  kind: 'StagedGlobalNetworkPolicy',
  resource: 'stagedglobalnetworkpolicies',
  registration: 'policies',
  schema: stagedGlobalNetworkPolicy,
  listFacts: listTierFacts,
};
export const STAGED_NETWORK_POLICY: CalicoKind = {
  kind: 'StagedNetworkPolicy',
  resource: 'stagednetworkpolicies',
  registration: 'policies',
  schema: stagedNetworkPolicy,
  scope: 'Namespaced',
  listFacts: listTierFacts,
};
export const GLOBAL_NETWORK_SET: CalicoKind = {
  kind: 'GlobalNetworkSet',
  resource: 'globalnetworksets',
  registration: 'policies',
  schema: globalNetworkSet,
};
export const NETWORK_SET: CalicoKind = {
  kind: 'NetworkSet',
  resource: 'networksets',
  registration: 'policies',
  schema: networkSet,
  scope: 'Namespaced',
};
export const HOST_ENDPOINT: CalicoKind = {
  kind: 'HostEndpoint',
  resource: 'hostendpoints',
  registration: 'policies',
  schema: hostEndpoint,
  listFacts: listEndpointFacts,
};
export const IP_RESERVATION: CalicoKind = {
  kind: 'IPReservation',
  resource: 'ipreservations',
  registration: 'ipam',
  schema: ipReservation,
};
export const TIER: CalicoKind = {
  kind: 'Tier',
  resource: 'tiers',
  registration: 'policies',
  schema: tier,
  listFacts: () => [{ about: 'tier', path: ['metadata', 'name'] }],
};
export const IPAM_CONFIGURATION: CalicoKind = {
  kind: 'IPAMConfiguration',
  resource: 'ipamconfigurations',
  registration: 'ipam',
  schema: ipamConfiguration,
  listFacts: listIpamFacts,
  apis: [{ group: 'projectcalico.org', versions: ['v3'] }],
};
/** The same kind under the name in which it is stored. */
export const IPAM_CONFIG: CalicoKind = {
  kind: 'IPAMConfig',
  resource: 'ipamconfigs',
  registration: 'ipam',
  schema: ipamConfiguration,
  listFacts: listIpamFacts,
  apis: [{ group: STORAGE_GROUP, versions: ['v1'] }],
};

/** Schemas that other schemas refer to. */
const PARTS: readonly JsonSchema[] = [bgpFilterRule, policyRule, entityRule];

export function createCalicoTarget({ schema, ...kind }: CalicoKind): Target<ObjectInput> {
  return createObjectTarget({
    id: 'calico',
    apis: CALICO_APIS,
    ...kind,
    shape: createValueShape(schema, PARTS),
  });
}

function* listPeerFacts({ spec }: ObjectInput): Generator<Fact> {
  yield { about: 'bgp-peer', path: ['spec'] };
  for (const [index, filter] of readList(spec, 'filters').entries()) {
    if (typeof filter === 'string') yield { about: 'used-filter', path: ['spec', 'filters', index], filter };
  }
}

function* listIpamFacts(input: ObjectInput): Generator<Fact> {
  if (nameOf(input) !== 'default') return;
  const strictAffinity = read(input.spec, 'strictAffinity');
  // A value that is no boolean has a finding of its own.
  if (!isUnset(strictAffinity) && typeof strictAffinity !== 'boolean') return;
  yield { about: 'ipam-configuration', path: ['spec', 'strictAffinity'], isStrict: strictAffinity === true };
}

function* listTierFacts({ spec }: ObjectInput): Generator<Fact> {
  const tier = readString(spec, 'tier') ?? '';
  if (tier !== '') yield { about: 'tiered-policy', path: ['spec', 'tier'], tier };
}

function* listEndpointFacts({ object }: ObjectInput): Generator<Fact> {
  const labels = Object.keys(readMap(object, 'metadata', 'labels') ?? {});
  yield { about: 'host-endpoint', path: ['spec', 'node'], labels };
}

function* listGlobalPolicyFacts(input: ObjectInput): Generator<Fact> {
  yield* listTierFacts(input);
  const { spec } = input;
  const selector = readSelector(readString(spec, 'selector') ?? '');
  if ('labels' in selector && selector.labels.length > 0) {
    yield { about: 'policy-by-labels', path: ['spec', 'selector'], labels: selector.labels };
  }
  const isForAll = /^[ \t]*(?:all\([ \t]*\)[ \t]*)?$/.test(readString(spec, 'selector') ?? '');
  const isNarrowed = ['namespaceSelector', 'serviceAccountSelector'].some(
    (field) => (readString(spec, field) ?? '') !== '',
  );
  const isForHosts = read(spec, 'preDNAT') === true || read(spec, 'doNotTrack') === true;
  if (!isForAll || isNarrowed || isForHosts || !deniesSomething(spec)) return;
  yield { about: 'host-policy', path: ['spec', 'selector'] };
}

/** Whether a direction of the policy has no rule that allows everything, or passes it on. */
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
