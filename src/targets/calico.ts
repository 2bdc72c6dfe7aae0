import bgpConfiguration from '../kinds/bgp-configuration.json' with { type: 'json' };
import felixConfiguration from '../kinds/felix-configuration.json' with { type: 'json' };
import ippool from '../kinds/ippool.json' with { type: 'json' };
import kubeControllersConfiguration from '../kinds/kube-controllers-configuration.json' with { type: 'json' };
import type { Fact } from '../policy/fact.ts';
import { isUnset, type JsonObject, read, readList, readMap, readString } from '../policy/json.ts';
import type { Api, Target } from '../policy/types.ts';
import { createValueShape } from '../schema/shape.ts';
import { createObjectTarget, type ObjectInput } from './object.ts';

declare module '../policy/fact.ts' {
  interface Facts {
    /** A range for addresses of pods: an IPPool, a pool of an Installation, or calico-node's environment. */
    pool: {
      readonly by: 'ippool' | 'installation' | 'calico-node';
      readonly cidr: string;
      readonly isDisabled: boolean;
      /** The encapsulation of traffic between nodes, in any mode except Never. */
      readonly encapsulation: Encapsulation;
      /** Whether traffic that leaves the pools gets the address of the node. */
      readonly natOutgoing: boolean;
    };
    /** Any IPPool, whatever its addresses are used for. Two objects with one name are one pool. */
    'ip-pool': {
      readonly cidr: string;
      readonly encapsulation: Encapsulation;
      /** Whether only traffic between subnets is encapsulated. */
      readonly isCrossSubnet: boolean;
    };
    /** Calico's eBPF dataplane is on. */
    ebpf: {
      readonly by: 'felix' | 'installation' | 'calico-node';
      /** The document handles kube-proxy itself, or lets both run together. */
      readonly handlesKubeProxy: boolean;
      /** Felix's bpfDataIfacePattern, where the document sets it. Undefined: Felix's default. */
      readonly interfacePattern: string | undefined;
    };
    /** A setting of Felix whose meaning depends on other documents, from a resource or from the environment. */
    'felix-setting': {
      /** The name in FelixConfiguration. */
      readonly name: FelixSetting;
      readonly value: boolean | number | string;
    };
    /** A setting of the eBPF dataplane in a FelixConfiguration that does not set whether the dataplane is on. */
    'ebpf-setting': unknown;
    /** A FelixConfiguration that leaves the rules of kube-proxy alone, whether or not it turns eBPF on. */
    'kube-proxy-coexistence': {
      /** Whether Felix uses kube-proxy's health port, which it does by default. */
      readonly port: 'left' | 'taken' | 'unset';
    };
    /** Whether Felix or BIRD programs the routes between nodes (programClusterRoutes), where it is set. */
    'cluster-routes': {
      readonly by: 'felix' | 'bgp';
      readonly value: string;
    };
    /** The mesh is off: nodes do not peer with each other by default. */
    'mesh-off': unknown;
    /** A pool with addresses for Services of type LoadBalancer. */
    'load-balancer-pool': unknown;
    /** The enabled controllers of Calico, and whether the one for load balancers is among them. */
    controllers: {
      readonly givesLoadBalancerAddresses: boolean;
    };
  }
}

/** The settings that are facts. */
export const FELIX_SETTINGS = [
  'healthPort',
  'ipipEnabled',
  'ipv6Support',
  'natOutgoingAddress',
  'vxlanEnabled',
  'vxlanPort',
  'vxlanVNI',
  'wireguardEnabled',
  'wireguardEnabledV6',
] as const;
export type FelixSetting = (typeof FELIX_SETTINGS)[number];

/** The encapsulation of packets between nodes. */
export type Encapsulation = 'ipip' | 'vxlan' | 'none';

/**
 * Settings that only the eBPF dataplane reads, and the values that Calico itself writes into the default
 * configuration with any dataplane.
 */
export const EBPF_SETTINGS: ReadonlyMap<string, string | undefined> = new Map([
  ['bpfAttachType', undefined],
  ['bpfConnectTimeLoadBalancing', 'TCP'],
  ['bpfDSROptoutCIDRs', undefined],
  ['bpfDataIfacePattern', undefined],
  ['bpfEnforceRPF', undefined],
  ['bpfExcludeCIDRsFromNAT', undefined],
  ['bpfExternalServiceMode', undefined],
  ['bpfHostNetworkedNATWithoutCTLB', 'Enabled'],
  ['bpfKubeProxyHealthzPort', undefined],
  ['bpfKubeProxyMinSyncPeriod', undefined],
  ['bpfL3IfacePattern', undefined],
  ['bpfMapSizeConntrack', undefined],
  ['bpfMapSizeIPSets', undefined],
  ['bpfMapSizeNATBackend', undefined],
  ['bpfMapSizeNATFrontend', undefined],
  ['bpfMapSizeRoute', undefined],
  ['bpfRedirectToPeer', undefined],
]);

/** The group in which Calico stores its resources. Only its own programs should write there. */
export const STORAGE_GROUP = 'crd.projectcalico.org';

export const CALICO_APIS: readonly [Api, Api] = [
  { group: 'projectcalico.org', versions: ['v3'] },
  { group: STORAGE_GROUP, versions: ['v1'] },
];

export function createIpPoolTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'calico',
    apis: CALICO_APIS,
    kind: 'IPPool',
    resource: 'ippools',
    registration: 'calico',
    shape: createValueShape(ippool),
    listFacts: ({ spec }) => listPoolFacts(spec),
  });
}

export function createFelixTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'calico',
    apis: CALICO_APIS,
    kind: 'FelixConfiguration',
    resource: 'felixconfigurations',
    registration: 'calico',
    shape: createValueShape(felixConfiguration),
    listFacts: ({ spec }) => listFelixFacts(spec),
  });
}

export function createBgpTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'calico',
    apis: CALICO_APIS,
    kind: 'BGPConfiguration',
    resource: 'bgpconfigurations',
    registration: 'bgp',
    shape: createValueShape(bgpConfiguration),
    listFacts: listBgpFacts,
  });
}

export function createKubeControllersTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'calico',
    apis: CALICO_APIS,
    kind: 'KubeControllersConfiguration',
    resource: 'kubecontrollersconfigurations',
    registration: 'controllers',
    shape: createValueShape(kubeControllersConfiguration),
    listFacts: listControllersFacts,
  });
}

/** Whether a mode of a pool (ipipMode, vxlanMode) encapsulates packets. Unset and unknown values mean Never. */
export function isEncapsulated(mode: unknown): boolean {
  return mode === 'Always' || mode === 'CrossSubnet';
}

/** The uses of a pool's addresses. Unset: Calico's default. */
export function usesOf(spec: JsonObject): readonly unknown[] {
  const uses = readList(spec, 'allowedUses');
  return uses.length === 0 ? ['Workload', 'Tunnel'] : uses;
}

function* listPoolFacts(spec: JsonObject): Generator<Fact> {
  const cidr = readString(spec, 'cidr');
  if (cidr === undefined) return;
  const path = ['spec', 'cidr'];
  const [ipip, vxlan] = [read(spec, 'ipipMode'), read(spec, 'vxlanMode')];
  const encapsulation = isEncapsulated(ipip) ? 'ipip' : isEncapsulated(vxlan) ? 'vxlan' : 'none';
  const isCrossSubnet = (encapsulation === 'ipip' ? ipip : vxlan) === 'CrossSubnet';
  yield { about: 'ip-pool', path, cidr, encapsulation, isCrossSubnet };
  if (usesOf(spec).includes('LoadBalancer'))
    yield { about: 'load-balancer-pool', path: ['spec', 'allowedUses'] };
  if (!usesOf(spec).includes('Workload')) return;
  const isDisabled = read(spec, 'disabled') === true;
  const natOutgoing = read(spec, 'natOutgoing') === true;
  yield { about: 'pool', by: 'ippool', path, cidr, isDisabled, encapsulation, natOutgoing };
}

function* listFelixFacts(spec: JsonObject): Generator<Fact> {
  yield* listRoutesFacts(spec, 'felix');
  for (const name of FELIX_SETTINGS) {
    const value = read(spec, name);
    if (typeof value !== 'boolean' && typeof value !== 'number' && typeof value !== 'string') continue;
    yield { about: 'felix-setting', path: ['spec', name], name, value };
  }
  if (isUnset(read(spec, 'bpfEnabled'))) yield* listEbpfFacts(spec);
  // The operator turns eBPF on by itself, so that bpfEnabled may be unset here.
  if (read(spec, 'bpfKubeProxyIptablesCleanupEnabled') === false) {
    const path = ['spec', 'bpfKubeProxyIptablesCleanupEnabled'];
    yield { about: 'kube-proxy-coexistence', path, port: portOf(spec) };
  }
  if (read(spec, 'bpfEnabled') !== true) return;
  yield {
    about: 'ebpf',
    by: 'felix',
    path: ['spec', 'bpfEnabled'],
    handlesKubeProxy: false,
    interfacePattern: readString(spec, 'bpfDataIfacePattern') || undefined,
  };
}

function* listEbpfFacts(spec: JsonObject): Generator<Fact> {
  for (const [name, completed] of EBPF_SETTINGS) {
    const value = read(spec, name);
    if (!isUnset(value) && value !== completed) yield { about: 'ebpf-setting', path: ['spec', name] };
  }
}

function portOf(spec: JsonObject): 'left' | 'taken' | 'unset' {
  const port = read(spec, 'bpfKubeProxyHealthzPort');
  if (isUnset(port)) return 'unset';
  return port === 10_256 ? 'taken' : 'left';
}

function* listBgpFacts(input: ObjectInput): Generator<Fact> {
  yield* listRoutesFacts(input.spec, 'bgp');
  // The configuration of one node is no fact about the others.
  if (nameOf(input) === 'default' && read(input.spec, 'nodeToNodeMeshEnabled') === false) {
    yield { about: 'mesh-off', path: ['spec', 'nodeToNodeMeshEnabled'] };
  }
}

/** Only the configuration `default` is read. */
function* listControllersFacts(input: ObjectInput): Generator<Fact> {
  const controllers = readMap(input.spec, 'controllers');
  if (controllers === undefined || nameOf(input) !== 'default') return;
  const path = ['spec', 'controllers'];
  yield {
    about: 'controllers',
    path,
    givesLoadBalancerAddresses: !isUnset(read(controllers, 'loadBalancer')),
  };
  const autoCreate = ['node', 'hostEndpoint', 'autoCreate'];
  if (read(controllers, ...autoCreate) === 'Enabled')
    yield { about: 'host-endpoint', path: [...path, ...autoCreate], labels: undefined };
}

function* listRoutesFacts(spec: JsonObject, by: 'felix' | 'bgp'): Generator<Fact> {
  const value = readString(spec, 'programClusterRoutes');
  if (value !== undefined)
    yield { about: 'cluster-routes', by, path: ['spec', 'programClusterRoutes'], value };
}

/** The name of a configuration. Empty where it has none. */
export function nameOf({ object }: ObjectInput): string | undefined {
  return readString(readMap(object, 'metadata'), 'name');
}
