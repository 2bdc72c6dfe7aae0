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
    /**
     * A kOps Cluster with Calico, for rules that also read InstanceGroups. The path is that of its Calico settings.
     */
    'kops-cluster': {
      readonly cluster: string;
      /** The number of Typha pods. 0: Typha is off. */
      readonly typhaReplicas: number;
      /** Whether all nodes peer with each other over BGP. */
      readonly usesMesh: boolean;
      readonly wireguard: boolean;
    };
  }
}

/** Cloud providers, by the key of v1alpha3. v1alpha2 has the same names except for one. */
const CLOUDS = ['aws', 'azure', 'do', 'gce', 'hetzner', 'linode', 'openstack', 'scaleway'] as const;

/** Bare metal is no value of cloudProvider: only a label names it. */
export type KopsCloud = (typeof CLOUDS)[number] | 'metal';

/** The label by which kOps marks a Cluster as bare metal. */
export const METAL_LABEL = 'alpha.kops.k8s.io/cloud';
const METAL_PATH: FieldPath = ['metadata', 'labels', METAL_LABEL];

/** The name of `do` in v1alpha2. */
export const DIGITAL_OCEAN = 'digitalocean';

/** The names in cloudProvider: a value in v1alpha2, a key in v1alpha3. */
export const CLOUD_WORDS: Readonly<Record<KopsClusterInput['version'], readonly string[]>> = {
  v1alpha2: CLOUDS.map((cloud) => (cloud === 'do' ? DIGITAL_OCEAN : cloud)),
  v1alpha3: CLOUDS,
};

/** All names of cloud providers, right or wrong in their version. */
const MEANT: ReadonlyMap<string, KopsCloud> = new Map<string, KopsCloud>([
  ...CLOUDS.map((cloud) => [cloud, cloud] as const),
  [DIGITAL_OCEAN, 'do'],
  ['metal', 'metal'],
]);

/** A range, and its written text. */
export interface KopsRange {
  readonly path: FieldPath;
  readonly value: unknown;
  /** Undefined where it is unset, empty, or not accepted by Go's net.ParseCIDR. */
  readonly cidr: Cidr | undefined;
}

/** A kOps Cluster with Calico: one view of both versions, with the paths of the written values. */
export interface KopsClusterInput {
  readonly object: JsonObject;
  readonly spec: JsonObject;
  readonly networking: JsonObject;
  /** The written value. Empty where it is no map. */
  readonly calico: JsonObject;
  /** The Cluster before the update, if that was one with Calico. */
  readonly old: KopsClusterInput | undefined;
  readonly shape: readonly ShapeProblem[];
  readonly shortened: readonly ShortenedList[];
  readonly version: 'v1alpha2' | 'v1alpha3';
  /** Undefined where none is named, or one that kOps does not have. */
  readonly cloud: KopsCloud | undefined;
  /** Whether the label of the Cluster marks it as bare metal. */
  readonly isLabelledMetal: boolean;
  /** The path of ranges and subnets: spec in v1alpha2, spec.networking in v1alpha3. */
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
  /** kOps' IsIPv6Only: nonMasqueradeCIDR is an IPv6 range. kOps has no dual stack with Calico. */
  readonly isIpv6: boolean;
  /** The following fields have the defaults of kOps' option builders. A value that kOps rejects stays as it is. */
  readonly encapsulation: string;
  readonly ipipMode: string;
  readonly vxlanMode: string;
  /** The ranges of pods and services, with kOps' defaults. Undefined in IPv6 clusters, and where they are unknown. */
  readonly podRange: Cidr | undefined;
  readonly serviceRange: Cidr | undefined;
  /** As serviceRange, also in IPv6 clusters. */
  readonly anyServiceRange: Cidr | undefined;
}

/** The path of Calico's settings, in both versions. */
export const CALICO_PATH: FieldPath = ['spec', 'networking', 'calico'];

/** The default range of services of an IPv4 cluster, whatever its nonMasqueradeCIDR is. */
const DEFAULT_SERVICES = '100.64.0.0/13';
const DEFAULT_IPV6_SERVICES = 'fd00:5e4f:ce::/108';

/** Cloud providers that have another name in Gardener. */
const GARDENER_NAMES: Partial<Record<KopsCloud, string>> = { gce: 'gcp', hetzner: 'hcloud' };

/** Clusters of kops.k8s.io with Calico. kOps still reads the old name of the group, `kops`. */
export function createKopsClusterTarget(): Target<KopsClusterInput> {
  return createViewTarget({
    id: 'kops',
    apis: [
      { group: 'kops.k8s.io', versions: ['v1alpha2', 'v1alpha3'] },
      // The old name, which only files use.
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
    // kOps runs BIRD, and with it the mesh, only where the encapsulation is ipip.
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

/** The form of the version is checked by a rule of its own. The intended provider is clear in either form. */
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

/** kOps' CalicoOptionsBuilder with the written values, and then the template of the addon. */
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

/** Pods get the upper half of nonMasqueradeCIDR. Services always get the same range. */
function completeRanges(
  { nonMasquerade, pod, service, controllerManager }: KopsClusterInput['ranges'],
  isIpv6: boolean,
): Pick<KopsClusterInput, 'podRange' | 'serviceRange' | 'anyServiceRange'> {
  const hasService = !isUnset(service.value) && service.value !== '';
  if (isIpv6) {
    const anyServiceRange = hasService ? service.cidr : parseCidr(DEFAULT_IPV6_SERVICES);
    return { podRange: undefined, serviceRange: undefined, anyServiceRange };
  }
  const all = nonMasquerade.cidr;
  const podRange = [controllerManager, pod].find((range) => !isUnset(range.value) && range.value !== '');
  const serviceRange = hasService ? service.cidr : all && parseCidr(DEFAULT_SERVICES);
  return {
    podRange: podRange === undefined ? all && upperHalf(all) : podRange.cidr,
    serviceRange,
    anyServiceRange: serviceRange,
  };
}

function upperHalf({ family, address, prefix }: Cidr): Cidr | undefined {
  const hostBits = familyBits(family) - prefix;
  if (hostBits === 0) return undefined;
  return { family, address: address | (1n << BigInt(hostBits - 1)), prefix: prefix + 1 };
}
