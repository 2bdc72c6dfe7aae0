import { type Cidr, parseCidr } from '../formats/cidr.ts';
import { familyBits } from '../formats/ip.ts';
import calicoSchema from '../kinds/kops-calico.json' with { type: 'json' };
import schema from '../kinds/kops-cluster.json' with { type: 'json' };
import type { Fact } from '../policy/fact.ts';
import type { FieldPath } from '../policy/field-path.ts';
import { isMap, isUnset, type JsonObject, read, readList, readMap, readString } from '../policy/json.ts';
import type { ShortenedList, Target } from '../policy/types.ts';
import { createShape, type ShapeProblem } from '../schema/shape.ts';
import { createViewTarget, type ObjectInput } from './object.ts';

declare module '../policy/fact.ts' {
  interface Facts {
    /** A kOps Cluster with Calico, as InstanceGroups beside it concern it; the path is that of its Calico settings. */
    'kops-cluster': {
      readonly cluster: string;
      /** Number of Typha pods: 0 is none. */
      readonly typhaReplicas: number;
      /** Whether every node speaks BGP to every other one. */
      readonly usesMesh: boolean;
      readonly wireguard: boolean;
    };
  }
}

/** Clouds, by the key that v1alpha3 has for each; v1alpha2 names all but one of them alike. */
const CLOUDS = ['aws', 'azure', 'do', 'gce', 'hetzner', 'linode', 'openstack', 'scaleway'] as const;

/** Bare metal is no word of cloudProvider: only a label names it. */
export type KopsCloud = (typeof CLOUDS)[number] | 'metal';

/** Where kOps itself writes that a Cluster is bare metal. */
export const METAL_LABEL = 'alpha.kops.k8s.io/cloud';
const METAL_PATH: FieldPath = ['metadata', 'labels', METAL_LABEL];

/** What v1alpha2 calls `do`. */
export const DIGITAL_OCEAN = 'digitalocean';

/** The words that cloudProvider takes: a value of v1alpha2, a key of v1alpha3. */
export const CLOUD_WORDS: Readonly<Record<KopsClusterInput['version'], readonly string[]>> = {
  v1alpha2: CLOUDS.map((cloud) => (cloud === 'do' ? DIGITAL_OCEAN : cloud)),
  v1alpha3: CLOUDS,
};

/** Every word that names a cloud, right or wrong in its version. */
const MEANT: ReadonlyMap<string, KopsCloud> = new Map<string, KopsCloud>([
  ...CLOUDS.map((cloud) => [cloud, cloud] as const),
  [DIGITAL_OCEAN, 'do'],
  ['metal', 'metal'],
]);

/** A range as it was written. */
export interface KopsRange {
  readonly path: FieldPath;
  readonly value: unknown;
  /** Undefined where it is unset, empty, or no range that Go's net.ParseCIDR reads. */
  readonly cidr: Cidr | undefined;
}

/** A kOps Cluster with Calico: one view of both versions, and where the user wrote what. */
export interface KopsClusterInput {
  readonly object: JsonObject;
  readonly spec: JsonObject;
  readonly networking: JsonObject;
  /** As it was written; empty where it is no map. */
  readonly calico: JsonObject;
  /** The Cluster before the update, where there is one with Calico. */
  readonly old: KopsClusterInput | undefined;
  readonly shape: readonly ShapeProblem[];
  readonly shortened: readonly ShortenedList[];
  readonly version: 'v1alpha2' | 'v1alpha3';
  /** Undefined where none is named, or none that kOps knows. */
  readonly cloud: KopsCloud | undefined;
  /** Whether the Cluster's label says that it is bare metal. */
  readonly isLabelledMetal: boolean;
  /** Where ranges and subnets stand: spec in v1alpha2, spec.networking in v1alpha3. */
  readonly networkPath: FieldPath;
  readonly ranges: {
    readonly network: KopsRange;
    readonly additional: readonly KopsRange[];
    readonly nonMasquerade: KopsRange;
    readonly pod: KopsRange;
    readonly service: KopsRange;
    readonly controllerManager: KopsRange;
    readonly subnets: readonly KopsRange[];
  };
  /** kOps' IsIPv6Only: nonMasqueradeCIDR is an IPv6 range. There is no dual stack with Calico. */
  readonly isIpv6: boolean;
  /** The following are what kOps' option builders make of what is written; a word that kOps refuses stays as it is. */
  readonly encapsulation: string;
  readonly ipipMode: string;
  readonly vxlanMode: string;
  /** Ranges of pods and services, kOps' defaults filled in; undefined in IPv6 clusters and where they cannot be told. */
  readonly podRange: Cidr | undefined;
  readonly serviceRange: Cidr | undefined;
}

/** Where Calico's settings stand, in both versions. */
export const CALICO_PATH: FieldPath = ['spec', 'networking', 'calico'];

/** What kOps gives to services of an IPv4 cluster, whatever its nonMasqueradeCIDR. */
const DEFAULT_SERVICES = '100.64.0.0/13';

/** Clouds that Gardener calls by other names. */
const GARDENER_NAMES: Partial<Record<KopsCloud, string>> = { gce: 'gcp', hetzner: 'hcloud' };

/** Clusters of kops.k8s.io with Calico; kOps still reads the group's old name, `kops`. */
export function createKopsClusterTarget(): Target<KopsClusterInput> {
  return createViewTarget({
    id: 'kops',
    apis: [
      { group: 'kops.k8s.io', versions: ['v1alpha2', 'v1alpha3'] },
      // Its old name, which only files have.
      { group: 'kops', versions: ['v1alpha2'], isOfFiles: true },
    ],
    kind: 'Cluster',
    resource: 'clusters',
    scope: 'Namespaced',
    shape: createShape(schema, [calicoSchema]),
    isOurs: (object) => !isUnset(read(object, ...CALICO_PATH)),
    view: readCluster,
    words: CLOUD_WORDS.v1alpha2,
    membership: () => 'own',
    listFacts,
  });
}

function* listFacts(input: KopsClusterInput): Generator<Fact> {
  const { cloud, calico } = input;
  if (cloud !== undefined) {
    const path = input.isLabelledMetal ? METAL_PATH : ['spec', 'cloudProvider'];
    yield { about: 'cloud', path, cloud: GARDENER_NAMES[cloud] ?? cloud };
  }
  const replicas = read(calico, 'typhaReplicas');
  yield {
    about: 'kops-cluster',
    path: CALICO_PATH,
    cluster: readString(input.object, 'metadata', 'name') ?? '',
    typhaReplicas: typeof replicas === 'number' ? replicas : 0,
    // kOps runs BIRD, and with it the mesh, exactly where the encapsulation is ipip.
    usesMesh: input.encapsulation === 'ipip',
    wireguard: read(calico, 'wireguardEnabled') === true,
  };
}

function readCluster(input: ObjectInput): KopsClusterInput {
  const { object, spec, shape, shortened } = input;
  const networking = readMap(spec, 'networking') ?? {};
  const calico = readMap(networking, 'calico') ?? {};
  const version = versionOf(object);
  const networkPath = version === 'v1alpha2' ? ['spec'] : ['spec', 'networking'];
  const isLabelledMetal = read(object, ...METAL_PATH) === 'metal';
  const cloud = isLabelledMetal ? 'metal' : cloudOf(read(spec, 'cloudProvider'));
  const ranges = readRanges(object, networkPath);
  const isIpv6 = ranges.nonMasquerade.cidr?.family === 'IPv6';
  return {
    object,
    spec,
    networking,
    calico,
    old: input.old && readCluster(input.old),
    shape,
    shortened,
    version,
    cloud,
    isLabelledMetal,
    networkPath,
    ranges,
    isIpv6,
    ...completeModes(calico, cloud, isIpv6),
    ...completeRanges(ranges, isIpv6),
  };
}

function versionOf(object: JsonObject): KopsClusterInput['version'] {
  const apiVersion = readString(object, 'apiVersion');
  if (apiVersion === undefined) return isMap(read(object, 'spec', 'cloudProvider')) ? 'v1alpha3' : 'v1alpha2';
  return apiVersion.endsWith('/v1alpha3') ? 'v1alpha3' : 'v1alpha2';
}

/** The version's own form has a rule of its own; what was meant is clear in either. */
function cloudOf(value: unknown): KopsCloud | undefined {
  for (const [word, cloud] of MEANT) {
    if (value === word || (isMap(value) && !isUnset(read(value, word)))) return cloud;
  }
  return undefined;
}

function readRanges(object: JsonObject, networkPath: FieldPath): KopsClusterInput['ranges'] {
  const rangeAt = (path: FieldPath): KopsRange => {
    const value = read(object, ...path);
    return { path, value, cidr: typeof value === 'string' ? parseCidr(value) : undefined };
  };
  const listAt = (name: string) => readList(object, ...networkPath, name);
  return {
    network: rangeAt([...networkPath, 'networkCIDR']),
    additional: listAt('additionalNetworkCIDRs').map((_, index) =>
      rangeAt([...networkPath, 'additionalNetworkCIDRs', index]),
    ),
    nonMasquerade: rangeAt([...networkPath, 'nonMasqueradeCIDR']),
    pod: rangeAt([...networkPath, 'podCIDR']),
    service: rangeAt([...networkPath, 'serviceClusterIPRange']),
    controllerManager: rangeAt(['spec', 'kubeControllerManager', 'clusterCIDR']),
    subnets: listAt('subnets').map((_, index) => rangeAt([...networkPath, 'subnets', index, 'cidr'])),
  };
}

/** kOps' CalicoOptionsBuilder, with what is written put on top; then what the addon's template makes of it. */
function completeModes(
  calico: JsonObject,
  cloud: KopsCloud | undefined,
  isIpv6: boolean,
): Pick<KopsClusterInput, 'encapsulation' | 'ipipMode' | 'vxlanMode'> {
  const byDefault = cloud === 'azure' ? 'vxlan' : isIpv6 ? 'none' : 'ipip';
  const encapsulation = readString(calico, 'encapsulationMode') || byDefault;
  const ipipMode = readString(calico, 'ipipMode') || (cloud === 'openstack' ? 'Always' : 'CrossSubnet');
  const vxlanMode = readString(calico, 'vxlanMode') || (cloud === 'azure' ? 'Always' : 'CrossSubnet');
  return {
    encapsulation,
    ipipMode: encapsulation === 'ipip' ? ipipMode : 'Never',
    vxlanMode: encapsulation === 'vxlan' ? vxlanMode : 'Never',
  };
}

/** Pods get the upper half of nonMasqueradeCIDR; services get the same range everywhere. */
function completeRanges(
  { nonMasquerade, pod, service, controllerManager }: KopsClusterInput['ranges'],
  isIpv6: boolean,
): Pick<KopsClusterInput, 'podRange' | 'serviceRange'> {
  if (isIpv6) return { podRange: undefined, serviceRange: undefined };
  const all = nonMasquerade.cidr;
  const podRange = [controllerManager, pod].find((range) => !isUnset(range.value) && range.value !== '');
  const hasService = !isUnset(service.value) && service.value !== '';
  return {
    podRange: podRange === undefined ? all && upperHalf(all) : podRange.cidr,
    serviceRange: hasService ? service.cidr : all && parseCidr(DEFAULT_SERVICES),
  };
}

function upperHalf({ family, address, prefix }: Cidr): Cidr | undefined {
  const hostBits = familyBits(family) - prefix;
  if (hostBits === 0) return undefined;
  return { family, address: address | (1n << BigInt(hostBits - 1)), prefix: prefix + 1 };
}
