import schema from '../../schemas/calico-node.json' with { type: 'json' };
import { parseVersion, type Version } from '../formats/version.ts';
import type { FieldPath } from '../policy/field-path.ts';
import { isMap, isUnset, type JsonObject, read, readList, readString } from '../policy/json.ts';
import type { Statement } from '../policy/statement.ts';
import type { Target } from '../policy/types.ts';
import { createShape } from '../schema/shape.ts';
import { TYPHA_SERVICE } from './calico-typha.ts';
import { createViewTarget, type ObjectInput } from './object.ts';

declare module '../policy/statement.ts' {
  interface Statements {
    /** A calico-node DaemonSet of a plain manifest; the path is that of its container. */
    'calico-node': {
      /** From the image's tag; undefined where it names none. */
      readonly version: { readonly major: number; readonly minor: number } | undefined;
      /** Where CALICO_IPV4POOL_IPIP turns IP-in-IP on; undefined where it does not. */
      readonly ipipPath: FieldPath | undefined;
    };
  }
}

/** A variable of calico-node's environment. */
export interface Variable {
  /** Where its value stands, or would stand. */
  readonly path: FieldPath;
  /** Undefined where it comes from somewhere else, and nobody knows it. */
  readonly value: string | undefined;
}

/** The container calico-node. */
export interface CalicoNode {
  readonly path: FieldPath;
  readonly image: string;
  readonly variables: ReadonlyMap<string, Variable>;
}

const CONTAINERS: FieldPath = ['spec', 'template', 'spec', 'containers'];
/** Plain manifests, and the operator's own. */
const NAMESPACES: readonly string[] = ['', 'kube-system', 'calico-system'];

/** The DaemonSet calico-node, and its container for all rules. */
export interface CalicoNodeInput extends ObjectInput {
  /** Undefined where the DaemonSet has no such container. */
  readonly node: CalicoNode | undefined;
}

/** The DaemonSet calico-node, as Calico's plain manifests have it. */
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
    statements,
    words: ['calico-node', TYPHA_SERVICE, 'Always', 'CrossSubnet', 'bird', 'vxlan', 'none', 'true', 'false'],
  });
}

function readCalicoNode(object: JsonObject): CalicoNode | undefined {
  const containers = readList(object, ...CONTAINERS);
  const index = containers.findIndex((each) => readString(each, 'name') === 'calico-node');
  if (index < 0) return undefined;
  const path = [...CONTAINERS, index];
  const variables = new Map<string, Variable>();
  for (const [at, entry] of readList(containers[index], 'env').entries()) {
    const name = readString(entry, 'name');
    if (name === undefined || !isMap(entry)) continue;
    // Of several with one name Kubernetes takes the last.
    variables.set(name, { path: [...path, 'env', at, 'value'], value: readValue(entry) });
  }
  return { path, image: readString(containers[index], 'image') ?? '', variables };
}

function readValue(entry: JsonObject): string | undefined {
  const value = read(entry, 'value');
  if (typeof value === 'string') return value;
  return isUnset(value) && isUnset(read(entry, 'valueFrom')) ? '' : undefined;
}

/** What calico-node reads as on; anything else is read as off, or stops it. */
export function isModeOn(mode: string): boolean {
  return ['always', 'crosssubnet', 'cross-subnet'].includes(mode.toLowerCase());
}

/** calico-node makes no pools of its own. */
export function hasNoDefaultPools({ variables }: CalicoNode): boolean {
  return variables.get('NO_DEFAULT_POOLS')?.value?.toLowerCase() === 'true';
}

function* statements({ object, node }: CalicoNodeInput): Generator<Statement> {
  if (node === undefined) return;
  const { path, variables } = node;
  const ipip = variables.get('CALICO_IPV4POOL_IPIP');
  const ipv4 = variables.get('CALICO_IPV4POOL_CIDR');
  const hasIpv4 = !hasNoDefaultPools(node) && ipv4?.value !== 'none';
  const ipipPath = hasIpv4 && isModeOn(ipip?.value ?? '') ? ipip?.path : undefined;
  yield { about: 'calico-node', path, version: readVersion(node.image), ipipPath };
  for (const variable of [ipv4, variables.get('CALICO_IPV6POOL_CIDR')]) {
    const cidr = variable?.value ?? '';
    if (variable === undefined || cidr === '' || cidr === 'none' || hasNoDefaultPools(node)) continue;
    const usesIpip = variable === ipv4 && ipipPath !== undefined;
    yield { about: 'pool', by: 'calico-node', path: variable.path, cidr, isDisabled: false, usesIpip };
  }
  const backend = variables.get('CALICO_NETWORKING_BACKEND');
  if (backend?.value) yield { about: 'backend', path: backend.path, backend: backend.value };
  const typha = variables.get('FELIX_TYPHAK8SSERVICENAME');
  // The operator brings Typha along, in manifests that nobody writes.
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

/** Felix's own reading of a boolean (felix/config, BoolParam). */
function isTrue(value: string | undefined): boolean {
  return ['true', '1', 'yes', 'y', 't'].includes(value?.toLowerCase() ?? '');
}

/** Felix leaves kube-proxy's rules alone and does not take its health port: the two are meant to run together. */
function toleratesKubeProxy(variables: ReadonlyMap<string, Variable>): boolean {
  const cleanup = variables.get('FELIX_BPFKUBEPROXYIPTABLESCLEANUPENABLED')?.value?.toLowerCase() ?? '';
  const port = variables.get('FELIX_BPFKUBEPROXYHEALTHZPORT')?.value ?? '';
  return ['false', '0', 'no', 'n', 'f'].includes(cleanup) && port !== '' && port !== '10256';
}

/** `quay.io/calico/node:v3.30.0@sha256:…`: undefined where the tag is no version, or there is none. */
function readVersion(image: string): Version | undefined {
  const name = image.split('@', 1)[0]?.split('/').at(-1) ?? '';
  return parseVersion(name.slice(name.indexOf(':') + 1 || name.length));
}
