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
    /** A range that pods get addresses from: an IPPool, a pool of an Installation, calico-node's environment. */
    pool: {
      readonly by: 'ippool' | 'installation' | 'calico-node';
      readonly cidr: string;
      readonly isDisabled: boolean;
      /** What traffic between nodes is wrapped into, in any mode but Never. */
      readonly encapsulation: Encapsulation;
      /** Whether what leaves the pools gets the address of the node. */
      readonly natOutgoing: boolean;
    };
    /** Any IPPool, whatever its addresses are for; two of one name are one pool. */
    'ip-pool': {
      readonly cidr: string;
      readonly encapsulation: Encapsulation;
      /** Whether only traffic between subnets is encapsulated. */
      readonly isCrossSubnet: boolean;
    };
    /** Calico's eBPF dataplane is switched on. */
    ebpf: {
      readonly by: 'felix' | 'installation' | 'calico-node';
      /** The document itself takes care of kube-proxy, or makes the two get along. */
      readonly handlesKubeProxy: boolean;
      /** Felix's bpfDataIfacePattern as far as the document says it; undefined: Felix's default. */
      readonly interfacePattern: string | undefined;
    };
    /** A setting of Felix that other documents decide the sense of, whether a resource or the environment has it. */
    'felix-setting': {
      /** As FelixConfiguration names it. */
      readonly name: FelixSetting;
      readonly value: boolean | number | string;
    };
    /** A setting of the eBPF dataplane in a FelixConfiguration that does not say whether the dataplane is on. */
    'ebpf-setting': unknown;
    /** A FelixConfiguration leaves the rules of kube-proxy alone, whoever switches eBPF on. */
    'kube-proxy-coexistence': {
      /** What becomes of kube-proxy's health port, which Felix takes by default. */
      readonly port: 'left' | 'taken' | 'unset';
    };
    /** Which routes between nodes Felix or BIRD programs (programClusterRoutes), where it is written. */
    'cluster-routes': {
      readonly by: 'felix' | 'bgp';
      readonly value: string;
    };
    /** That nodes do not peer with each other by themselves. */
    'mesh-off': unknown;
    /** A pool whose addresses are for Services of type LoadBalancer. */
    'load-balancer-pool': unknown;
    /** Calico's controllers, and whether the one for load balancers is among them. */
    controllers: {
      readonly givesLoadBalancerAddresses: boolean;
    };
  }
}

/** The settings that are stated. */
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

/** What packets between nodes are wrapped into. */
export type Encapsulation = 'ipip' | 'vxlan' | 'none';

/**
 * Settings that only the eBPF dataplane reads, and the values that Calico itself writes into the default configuration,
 * whichever dataplane there is.
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

/** The group that Calico stores its resources in; only its own programs are meant to write there. */
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

/** Whether a mode of a pool (ipipMode, vxlanMode) wraps packets; unset means Never, and so does what is no mode. */
export function isEncapsulated(mode: unknown): boolean {
  return mode === 'Always' || mode === 'CrossSubnet';
}

/** What the addresses of a pool are for; Calico's default where nothing is said. */
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
  // The operator switches eBPF on by itself, so that bpfEnabled need not be written here.
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
  // That of one node says nothing of the others.
  if (nameOf(input) === 'default' && read(input.spec, 'nodeToNodeMeshEnabled') === false) {
    yield { about: 'mesh-off', path: ['spec', 'nodeToNodeMeshEnabled'] };
  }
}

/** Of the only one that is read. */
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

/** The name of a configuration, as far as it has one. */
export function nameOf({ object }: ObjectInput): string | undefined {
  return readString(readMap(object, 'metadata'), 'name');
}
