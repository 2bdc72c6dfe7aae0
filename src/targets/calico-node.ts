import { parseCidr } from '../formats/cidr.ts';
import { parseVersion, type Version } from '../formats/version.ts';
import schema from '../kinds/calico-node.json' with { type: 'json' };
import type { Fact } from '../policy/fact.ts';
import type { FieldPath } from '../policy/field-path.ts';
import { isMap, isUnset, type JsonObject, read, readList, readString } from '../policy/json.ts';
import type { Target } from '../policy/types.ts';
import { createShape } from '../schema/shape.ts';
import type { FelixSetting } from './calico.ts';
import { SERVICES_ENDPOINT } from './calico-config-map.ts';
import { TYPHA_SERVICE } from './calico-typha.ts';
import { createViewTarget, type ObjectInput } from './object.ts';

declare module '../policy/fact.ts' {
  interface Facts {
    /** A calico-node DaemonSet of a plain manifest. The path is that of its container. */
    'calico-node': {
      /** From the tag of the image. Undefined where the tag is no version. */
      readonly version: { readonly major: number; readonly minor: number } | undefined;
      /** Undefined where it comes from another source. */
      readonly backend: string | undefined;
      /** The probes that check BIRD. */
      readonly birdProbes: readonly { readonly path: FieldPath; readonly word: string }[];
      /**
       * A probe checks Felix with calico-node's own command, and the environment sets no other port than the default.
       */
      readonly asksDefaultHealthPort: boolean;
      /** The environment names the API server, or may name it: some variables come from another source. */
      readonly mayNameApiServer: boolean;
      /** The same for the setting that turns the eBPF dataplane on. */
      readonly maySwitchEbpfOn: boolean;
      /** Variables that decide how a node finds its addresses, and which IPAM it has. */
      readonly variables: Readonly<Record<FactVariable, Variable | undefined>>;
      /** The paths of the modes of its default pool that turn a tunnel on. Empty where it creates no pool. */
      readonly tunnels: { readonly [tunnel in 'ipip' | 'vxlan' | 'vxlan-v6']?: FieldPath };
    };
  }
}

/** An environment variable of calico-node. */
export interface Variable {
  /** The place of its value, or the place where the value would be. */
  readonly path: FieldPath;
  /** Undefined where it comes from another source, and is unknown. */
  readonly value: string | undefined;
}

/** The container calico-node. */
export interface CalicoNode {
  readonly path: FieldPath;
  /** Its probes and all of its settings. */
  readonly container: JsonObject;
  readonly image: string;
  readonly variables: ReadonlyMap<string, Variable>;
}

/** Variables whose meaning depends on other documents. */
const FACT_VARIABLES = ['IP', 'IP6', 'USE_POD_CIDR', 'CALICO_ROUTER_ID', 'FELIX_ROUTESOURCE'] as const;
type FactVariable = (typeof FACT_VARIABLES)[number];

/** Variables that are settings of Felix, by the field of FelixConfiguration for the same setting. */
const FELIX_VARIABLES: ReadonlyMap<FelixSetting, string> = new Map([
  ['healthPort', 'FELIX_HEALTHPORT'],
  ['ipipEnabled', 'FELIX_IPINIPENABLED'],
  ['ipv6Support', 'FELIX_IPV6SUPPORT'],
  ['natOutgoingAddress', 'FELIX_NATOUTGOINGADDRESS'],
  ['vxlanEnabled', 'FELIX_VXLANENABLED'],
  ['vxlanPort', 'FELIX_VXLANPORT'],
  ['vxlanVNI', 'FELIX_VXLANVNI'],
  ['wireguardEnabled', 'FELIX_WIREGUARDENABLED'],
  ['wireguardEnabledV6', 'FELIX_WIREGUARDENABLEDV6'],
]);

export const PROBES: readonly string[] = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** The argument of calico-node's health check that checks Felix. */
export const ASKS_FELIX = /^--?felix-(live|ready)$/;

const CONTAINERS: FieldPath = ['spec', 'template', 'spec', 'containers'];
/** The namespaces of the plain manifests and of the operator. */
const NAMESPACES: readonly string[] = ['', 'kube-system', 'calico-system'];

/** The DaemonSet calico-node, with its container for all rules. */
export interface CalicoNodeInput extends ObjectInput {
  /** Undefined where the DaemonSet has no such container. */
  readonly node: CalicoNode | undefined;
}

/** The DaemonSet calico-node of Calico's plain manifests. */
export function createCalicoNodeTarget(): Target<CalicoNodeInput> {
  return createViewTarget({
    id: 'kubeadm',
    apis: [{ group: 'apps', versions: ['v1'] }],
    kind: 'DaemonSet',
    resource: 'daemonsets',
    scope: 'Namespaced',
    isGeneral: true,
    membership: () => 'once',
    shape: createShape(schema),
    isOurs: (object) =>
      readString(object, 'metadata', 'name') === 'calico-node' &&
      NAMESPACES.includes(readString(object, 'metadata', 'namespace') ?? ''),
    view: (input): CalicoNodeInput => ({ ...input, node: readCalicoNode(input.object) }),
    listFacts,
    words: ['calico-node', TYPHA_SERVICE, 'Always', 'CrossSubnet', 'bird', 'vxlan', 'none', 'true', 'false'],
  });
}

/** Undefined where the DaemonSet has no such container. */
export function readCalicoNode(object: JsonObject): CalicoNode | undefined {
  return readContainer(object, 'calico-node');
}

/** A container of a workload, by its name. */
export function readContainer(object: JsonObject, name: string): CalicoNode | undefined {
  const containers = readList(object, ...CONTAINERS);
  const index = containers.findIndex((each) => readString(each, 'name') === name);
  if (index < 0) return undefined;
  const path = [...CONTAINERS, index];
  const container = containers[index];
  if (!isMap(container)) return undefined;
  const variables = new Map<string, Variable>();
  for (const [at, entry] of readList(container, 'env').entries()) {
    const variable = readString(entry, 'name');
    if (variable === undefined || !isMap(entry)) continue;
    // Of several variables with one name, Kubernetes uses the last.
    variables.set(variable, { path: [...path, 'env', at, 'value'], value: readValue(entry) });
  }
  return { path, container, image: readString(container, 'image') ?? '', variables };
}

function readValue(entry: JsonObject): string | undefined {
  const value = read(entry, 'value');
  if (typeof value === 'string') return value;
  return isUnset(value) && isUnset(read(entry, 'valueFrom')) ? '' : undefined;
}

/** The values that calico-node reads as on. It reads other values as off, or stops. */
export function isModeOn(mode: string): boolean {
  return ['always', 'crosssubnet', 'cross-subnet'].includes(mode.toLowerCase());
}

/** calico-node creates no default pool. */
export function hasNoDefaultPools({ variables }: CalicoNode): boolean {
  return variables.get('NO_DEFAULT_POOLS')?.value?.toLowerCase() === 'true';
}

function* listFacts({ object, node }: CalicoNodeInput): Generator<Fact> {
  if (node === undefined) return;
  const { path, variables } = node;
  yield {
    about: 'calico-node',
    path,
    version: readVersion(node.image),
    // Unset it is bird. Another source is usually ConfigMap calico-config.
    backend: variables.has('CALICO_NETWORKING_BACKEND')
      ? variables.get('CALICO_NETWORKING_BACKEND')?.value
      : 'bird',
    birdProbes: findCommandWords(node, /^--?bird6?(-live|-ready)?$/),
    asksDefaultHealthPort:
      findCommandWords(node, ASKS_FELIX).length > 0 &&
      !variables.has('FELIX_HEALTHPORT') &&
      !hasOtherSources(node),
    mayNameApiServer: variables.has('KUBERNETES_SERVICE_HOST') || hasOtherSources(node),
    maySwitchEbpfOn: isUnknown(variables.get('FELIX_BPFENABLED')) || hasOtherSources(node),
    variables: pickVariables(variables),
    tunnels: findTunnels(node),
  };
  yield* listPoolFacts(node);
  yield* listFelixSettingFacts(variables);
  const backend = variables.get('CALICO_NETWORKING_BACKEND');
  if (backend?.value) yield { about: 'backend', path: backend.path, backend: backend.value };
  const typha = variables.get('FELIX_TYPHAK8SSERVICENAME');
  // The operator deploys Typha, with manifests that are in no file.
  const isOfOperator = readString(object, 'metadata', 'namespace') === 'calico-system';
  if (typha?.value === TYPHA_SERVICE && !isOfOperator) {
    yield { about: 'typha', path: typha.path, state: 'wanted', replicas: undefined };
  }
  const ebpf = variables.get('FELIX_BPFENABLED');
  if (ebpf !== undefined && isTrue(ebpf.value)) {
    yield {
      about: 'ebpf',
      by: 'calico-node',
      path: ebpf.path,
      handlesKubeProxy: toleratesKubeProxy(variables),
      interfacePattern: variables.get('FELIX_BPFDATAIFACEPATTERN')?.value,
    };
  }
}

function pickVariables(variables: ReadonlyMap<string, Variable>) {
  const pick = (name: FactVariable) => variables.get(name);
  return Object.fromEntries(FACT_VARIABLES.map((name) => [name, pick(name)])) as Record<
    FactVariable,
    Variable | undefined
  >;
}

/** The arguments of calico-node's health check in its probes. */
function findCommandWords({ path, container }: CalicoNode, pattern: RegExp) {
  return PROBES.flatMap((probe) =>
    Array.from(readList(container, probe, 'exec', 'command').entries()).flatMap(([index, word]) =>
      typeof word === 'string' && pattern.test(word)
        ? [{ path: [...path, probe, 'exec', 'command', index], word }]
        : [],
    ),
  );
}

function isUnknown(variable: Variable | undefined): boolean {
  return variable !== undefined && variable.value === undefined;
}

/**
 * Whether variables come from other sources than in Calico's manifests, or have no known name: any variable may be
 * set.
 */
function hasOtherSources({ container }: CalicoNode): boolean {
  return (
    readList(container, 'env').some((each) => readString(each, 'name') === undefined) ||
    readList(container, 'envFrom').some(
      (each) => readString(each, 'configMapRef', 'name') !== SERVICES_ENDPOINT,
    )
  );
}

function findTunnels(node: CalicoNode) {
  const onPath = (name: string): FieldPath | undefined => {
    const family = name.slice(0, 'CALICO_IPV4'.length);
    const isOff = hasNoDefaultPools(node) || node.variables.get(`${family}POOL_CIDR`)?.value === 'none';
    const mode = node.variables.get(name);
    return !isOff && isModeOn(mode?.value ?? '') ? mode?.path : undefined;
  };
  const tunnels = {
    ipip: onPath('CALICO_IPV4POOL_IPIP'),
    vxlan: onPath('CALICO_IPV4POOL_VXLAN'),
    'vxlan-v6': onPath('CALICO_IPV6POOL_VXLAN'),
  };
  return Object.fromEntries(Object.entries(tunnels).filter(([, at]) => at !== undefined));
}

function* listFelixSettingFacts(variables: ReadonlyMap<string, Variable>): Generator<Fact> {
  for (const [name, variable] of FELIX_VARIABLES) {
    const { path, value = '' } = variables.get(variable) ?? { path: [] };
    if (value === '') continue;
    const scalar = /Enabled|Support/.test(name) ? parseBoolean(value) : parseNumber(value);
    yield { about: 'felix-setting', path, name, value: scalar ?? value };
  }
}

function parseBoolean(text: string): boolean | undefined {
  return isTrue(text) || (isFalse(text) ? false : undefined);
}

function parseNumber(text: string): number | undefined {
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
}

/** The pools with a written range. Where no range is written, calico-node chooses one. */
function* listPoolFacts(node: CalicoNode): Generator<Fact> {
  const { ipip, vxlan, 'vxlan-v6': vxlanV6 } = findTunnels(node);
  for (const { name, family, natDefault, encapsulation } of [
    {
      name: 'IPV4',
      family: 'IPv4',
      natDefault: true,
      encapsulation: ipip ? 'ipip' : vxlan ? 'vxlan' : 'none',
    },
    { name: 'IPV6', family: 'IPv6', natDefault: false, encapsulation: vxlanV6 ? 'vxlan' : 'none' },
  ] as const) {
    const variable = node.variables.get(`CALICO_${name}POOL_CIDR`);
    const cidr = variable?.value ?? '';
    if (variable === undefined || cidr === '' || cidr === 'none' || hasNoDefaultPools(node)) continue;
    // calico-node stops at a range of the other family.
    if ((parseCidr(cidr)?.family ?? family) !== family) continue;
    const nat = node.variables.get(`CALICO_${name}POOL_NAT_OUTGOING`)?.value;
    const natOutgoing = nat ? isTrue(nat) : natDefault;
    const { path } = variable;
    yield { about: 'pool', by: 'calico-node', path, cidr, isDisabled: false, encapsulation, natOutgoing };
  }
}

/** As Felix parses a boolean (felix/config, BoolParam). */
export function isTrue(value: string | undefined): boolean {
  return ['true', '1', 'yes', 'y', 't'].includes(value?.toLowerCase() ?? '');
}

/** A text that Felix cannot parse is neither true nor false. */
export function isFalse(value: string | undefined): boolean {
  return ['false', '0', 'no', 'n', 'f'].includes(value?.toLowerCase() ?? '');
}

/** Felix leaves kube-proxy's rules alone and does not use its health port: the two can run together. */
function toleratesKubeProxy(variables: ReadonlyMap<string, Variable>): boolean {
  const cleanup = variables.get('FELIX_BPFKUBEPROXYIPTABLESCLEANUPENABLED')?.value;
  const port = variables.get('FELIX_BPFKUBEPROXYHEALTHZPORT')?.value ?? '';
  return isFalse(cleanup) && port !== '' && port !== '10256';
}

/** `quay.io/calico/node:v3.30.0@sha256:…`. Undefined where there is no tag, or the tag is no version. */
export function readVersion(image: string): Version | undefined {
  const name = image.split('@', 1)[0]?.split('/').at(-1) ?? '';
  return parseVersion(name.slice(name.indexOf(':') + 1 || name.length));
}
