import schema from '../kinds/config-map.json' with { type: 'json' };
import type { Fact } from '../policy/fact.ts';
import type { FieldPath } from '../policy/field-path.ts';
import { type JsonObject, read, readList, readString } from '../policy/json.ts';
import type { Target } from '../policy/types.ts';
import { createShape } from '../schema/shape.ts';
import { TYPHA_SERVICE } from './calico-typha.ts';
import { createObjectTarget, type ObjectInput } from './object.ts';

declare module '../policy/fact.ts' {
  interface Facts {
    /** ConfigMap kubernetes-services-endpoint in any namespace: the address of the API server. */
    'services-endpoint': unknown;
    /** The CNI configuration in ConfigMap calico-config, as far as it can be parsed. */
    'cni-config': CniConfig;
    /** The MTU of pods, where it is set. The path is the field that sets it. */
    'pod-mtu': {
      readonly mtu: number;
    };
    /** The networking backend of calico-node, from ConfigMap calico-config or from the environment. */
    backend: {
      readonly backend: string;
    };
  }
}

/** The ConfigMap in which Calico finds the API server without kube-proxy. */
export const SERVICES_ENDPOINT = 'kubernetes-services-endpoint';

/** ConfigMaps with settings of Calico, kubeadm and the Tigera operator, and their namespaces. */
const OURS: ReadonlyMap<string, readonly string[]> = new Map([
  ['calico-config', ['', 'kube-system']],
  ['kubeadm-config', ['', 'kube-system']],
  [SERVICES_ENDPOINT, ['', 'kube-system', 'tigera-operator', 'calico-system', 'default']],
]);

/** The parts of a CNI configuration that other documents depend on. */
export interface CniConfig {
  /** The type of the IPAM plugin. */
  readonly ipam: string;
  /** Whether host-local uses the range that Kubernetes gave to the node. */
  readonly usesPodCidr: boolean;
  /** Undefined where calico-node fills it in. */
  readonly mtu: number | undefined;
  /** Whether pods get an IPv6 address. Undefined where calico-ipam does not decide it. */
  readonly assignsIpv6: boolean | undefined;
}

export const CNI_PATH: FieldPath = ['data', 'cni_network_config'];
const KUBEADM: FieldPath = ['data', 'ClusterConfiguration'];

export function createConfigMapTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'kubeadm',
    apis: [{ group: '', versions: ['v1'] }],
    kind: 'ConfigMap',
    resource: 'configmaps',
    scope: 'Namespaced',
    isGeneral: true,
    shape: createShape(schema),
    isOurs: (object) =>
      OURS.get(nameOf(object))?.includes(readString(object, 'metadata', 'namespace') ?? '') === true,
    listFacts: ({ object }) => listFacts(object),
    words: [...OURS.keys(), TYPHA_SERVICE],
  });
}

export function isCalicoConfig(object: JsonObject): boolean {
  return nameOf(object) === 'calico-config';
}

export function isServicesEndpoint(object: JsonObject): boolean {
  return nameOf(object) === SERVICES_ENDPOINT;
}

function nameOf(object: JsonObject): string {
  return readString(object, 'metadata', 'name') ?? '';
}

function* listFacts(object: JsonObject): Generator<Fact> {
  if (isServicesEndpoint(object)) {
    yield { about: 'services-endpoint', path: ['data'] };
    return;
  }
  if (nameOf(object) === 'kubeadm-config') {
    yield* listKubeadmFacts(readString(object, ...KUBEADM) ?? '');
    return;
  }
  const cni = readCniConfig(object);
  if (cni !== undefined) yield { about: 'cni-config', path: CNI_PATH, ...cni };
  const mtu = Number(/^[1-9][0-9]{2,4}$/.exec(readString(object, 'data', 'veth_mtu') ?? '')?.[0]);
  if (mtu > 0) yield { about: 'pod-mtu', path: ['data', 'veth_mtu'], mtu };
  // Where both are numbers, kubeadm/cni-mtu reports the difference.
  else if (cni?.mtu !== undefined) yield { about: 'pod-mtu', path: CNI_PATH, mtu: cni.mtu };
  const backend = readString(object, 'data', 'calico_backend');
  if (backend) yield { about: 'backend', path: ['data', 'calico_backend'], backend };
  if (readString(object, 'data', 'typha_service_name') === TYPHA_SERVICE) {
    yield { about: 'typha', path: ['data', 'typha_service_name'], state: 'wanted', replicas: undefined };
  }
}

/**
 * Undefined where it is not JSON. A placeholder for calico-node, such as `__CNI_MTU__`, replaces a number or is in
 * quotes.
 */
export function parseCniConfig(text: string): unknown {
  try {
    return JSON.parse(text.replace(/(:\s*)__[A-Z0-9_]+__/g, '$1null'));
  } catch {
    return undefined;
  }
}

/** Undefined where there is none, or it is not Calico's, or it cannot be parsed. */
export function readCniConfig(object: JsonObject): CniConfig | undefined {
  const text = readString(object, ...CNI_PATH);
  if (text === undefined) return undefined;
  const config = parseCniConfig(text);
  const plugins = Array.isArray(read(config, 'plugins')) ? readList(config, 'plugins') : [config];
  const plugin = plugins.find((each) => readString(each, 'type') === 'calico');
  if (plugin === undefined) return undefined;
  const ipam = readString(plugin, 'ipam', 'type') ?? '';
  const mtu = read(plugin, 'mtu');
  const assigns = readString(plugin, 'ipam', 'assign_ipv6');
  const subnets = [
    read(plugin, 'ipam', 'subnet'),
    ...readList(plugin, 'ipam', 'ranges')
      .flatMap((set) => (Array.isArray(set) ? set : [set]))
      .map((range) => read(range, 'subnet')),
  ];
  return {
    ipam,
    usesPodCidr: subnets.some((each) => typeof each === 'string' && /^usePodCidr/i.test(each)),
    mtu: typeof mtu === 'number' && mtu > 0 ? mtu : undefined,
    assignsIpv6: ipam === 'calico-ipam' ? assigns?.toLowerCase() === 'true' : undefined,
  };
}

/** Calico and the operator do not decode this text either. They search for this one line. */
function* listKubeadmFacts(text: string): Generator<Fact> {
  const podSubnet = /^ *podSubnet: (.*)$/m.exec(text)?.[1];
  const serviceSubnet = /^ *serviceSubnet: (.*)$/m.exec(text)?.[1];
  if (podSubnet === undefined && serviceSubnet === undefined) return;
  yield {
    about: 'kubeadm-cluster',
    path: KUBEADM,
    podSubnet,
    serviceSubnet,
    podSubnetPath: KUBEADM,
    serviceSubnetPath: KUBEADM,
  };
}
