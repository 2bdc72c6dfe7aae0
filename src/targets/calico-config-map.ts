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
    /** ConfigMap kubernetes-services-endpoint: the API server's address, in whatever namespace. */
    'services-endpoint': unknown;
    /** The CNI configuration of ConfigMap calico-config, as far as it can be read. */
    'cni-config': CniConfig;
    /** The MTU of pods that somebody chose; the path is where. */
    'pod-mtu': {
      readonly mtu: number;
    };
    /** The networking backend of calico-node, from ConfigMap calico-config or the environment. */
    backend: {
      readonly backend: string;
    };
  }
}

/** Where Calico finds the API server without kube-proxy. */
export const SERVICES_ENDPOINT = 'kubernetes-services-endpoint';

/** ConfigMaps that Calico, kubeadm and the Tigera operator take settings from, and the namespaces that they are in. */
const OURS: ReadonlyMap<string, readonly string[]> = new Map([
  ['calico-config', ['', 'kube-system']],
  ['kubeadm-config', ['', 'kube-system']],
  [SERVICES_ENDPOINT, ['', 'kube-system', 'tigera-operator', 'calico-system', 'default']],
]);

/** What of a CNI configuration others depend on. */
export interface CniConfig {
  /** Type of the IPAM plugin. */
  readonly ipam: string;
  /** Whether host-local takes the range that Kubernetes gave to the node. */
  readonly usesPodCidr: boolean;
  /** Undefined where calico-node fills it in. */
  readonly mtu: number | undefined;
  /** Whether pods get an address of IPv6; undefined where that is not for calico-ipam to decide. */
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
  // Where both are numbers, kubeadm/cni-mtu says that they differ.
  else if (cni?.mtu !== undefined) yield { about: 'pod-mtu', path: CNI_PATH, mtu: cni.mtu };
  const backend = readString(object, 'data', 'calico_backend');
  if (backend) yield { about: 'backend', path: ['data', 'calico_backend'], backend };
  if (readString(object, 'data', 'typha_service_name') === TYPHA_SERVICE) {
    yield { about: 'typha', path: ['data', 'typha_service_name'], state: 'wanted', replicas: undefined };
  }
}

/** Undefined where it is no JSON. What calico-node fills in, such as `__CNI_MTU__`, stands where a number does or within quotes. */
export function parseCniConfig(text: string): unknown {
  try {
    return JSON.parse(text.replace(/(:\s*)__[A-Z0-9_]+__/g, '$1null'));
  } catch {
    return undefined;
  }
}

/** Undefined where there is none, or it is not Calico's, or it cannot be read. */
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

/** Calico and the operator do not decode this text either, but look for the one line. */
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
