import clusterConfiguration from '../kinds/cluster-configuration.json' with { type: 'json' };
import initConfiguration from '../kinds/init-configuration.json' with { type: 'json' };
import joinConfiguration from '../kinds/join-configuration.json' with { type: 'json' };
import kindCluster from '../kinds/kind-cluster.json' with { type: 'json' };
import kubeProxyConfiguration from '../kinds/kube-proxy-configuration.json' with { type: 'json' };
import type { Fact } from '../policy/fact.ts';
import type { FieldPath } from '../policy/field-path.ts';
import { isMap, read, readBoolean, readList, readString } from '../policy/json.ts';
import type { Api, Target } from '../policy/types.ts';
import { createShape } from '../schema/shape.ts';
import { createObjectTarget, type ObjectInput } from './object.ts';

declare module '../policy/fact.ts' {
  interface Facts {
    /** A kubeadm ClusterConfiguration. The path is that of its networking. */
    'kubeadm-cluster': {
      /** The written text: comma-separated lists. Undefined where it is unset. */
      readonly podSubnet: string | undefined;
      readonly serviceSubnet: string | undefined;
      /** The path of the subnets, written or not. */
      readonly podSubnetPath: FieldPath;
      readonly serviceSubnetPath: FieldPath;
    };
    /** An address of a node of the cluster: the address of the API server in kubeadm's configuration. */
    'node-address': {
      readonly address: string;
    };
    /** Whether kube-proxy runs, as far as one document decides it. */
    'kube-proxy': {
      readonly runs: boolean;
    };
    /** kind installs a CNI plugin of its own. */
    'default-cni': unknown;
    /** A KubeProxyConfiguration: the range that kube-proxy uses for pods, and its mode. */
    'kube-proxy-settings': {
      /** The written text. Undefined where it is unset, or has no effect. */
      readonly clusterCidr: string | undefined;
      readonly mode: string | undefined;
    };
  }
}

// kubeadm's configurations are files and never objects of an API server, but have the same form.

const KUBEADM: Api = { group: 'kubeadm.k8s.io', versions: ['v1beta4', 'v1beta3'], isOfFiles: true };
/** Phases of `kubeadm init` that install kube-proxy. */
const PROXY_PHASES: readonly unknown[] = ['addon', 'addon/kube-proxy'];

export function createClusterConfigurationTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'kubeadm',
    apis: [KUBEADM],
    kind: 'ClusterConfiguration',
    resource: 'clusterconfigurations',
    shape: createShape(clusterConfiguration),
    membership: () => 'once',
    listFacts: listClusterFacts,
  });
}

export function createInitConfigurationTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'kubeadm',
    apis: [KUBEADM],
    kind: 'InitConfiguration',
    resource: 'initconfigurations',
    shape: createShape(initConfiguration),
    *listFacts({ object }) {
      const skipped = readList(object, 'skipPhases');
      const runs = !skipped.some((phase) => PROXY_PHASES.includes(phase));
      yield { about: 'kube-proxy', path: ['skipPhases'], runs };
      yield* listAddressFacts(object, ['localAPIEndpoint', 'advertiseAddress']);
    },
  });
}

export function createJoinConfigurationTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'kubeadm',
    apis: [KUBEADM],
    kind: 'JoinConfiguration',
    resource: 'joinconfigurations',
    shape: createShape(joinConfiguration),
    listFacts: ({ object }) => listAddressFacts(object, JOIN_ADDRESS),
  });
}

export const JOIN_ADDRESS: FieldPath = ['controlPlane', 'localAPIEndpoint', 'advertiseAddress'];

export function createKubeProxyTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'kubeadm',
    apis: [{ group: 'kubeproxy.config.k8s.io', versions: ['v1alpha1'], isOfFiles: true }],
    kind: 'KubeProxyConfiguration',
    resource: 'kubeproxyconfigurations',
    shape: createShape(kubeProxyConfiguration),
    *listFacts({ object }) {
      const detects = readString(object, 'detectLocalMode') ?? '';
      const usesCidr = detects === '' || detects === 'ClusterCIDR';
      yield {
        about: 'kube-proxy-settings',
        path: ['clusterCIDR'],
        clusterCidr: usesCidr ? readString(object, 'clusterCIDR') || undefined : undefined,
        mode: readString(object, 'mode') || undefined,
      };
    },
  });
}

/** kind's default ranges of pods and Services, by its ipFamily (kind, pkg/internal/apis/config/default.go). */
const KIND_DEFAULTS: ReadonlyMap<string, { readonly pods: string; readonly services: string }> = new Map([
  ['ipv4', { pods: '10.244.0.0/16', services: '10.96.0.0/16' }],
  ['ipv6', { pods: 'fd00:10:244::/56', services: 'fd00:10:96::/112' }],
  ['dual', { pods: '10.244.0.0/16,fd00:10:244::/56', services: '10.96.0.0/16,fd00:10:96::/112' }],
]);

/** A kind cluster, which kubeadm creates. */
export function createKindClusterTarget(): Target<ObjectInput> {
  return createObjectTarget({
    id: 'kubeadm',
    apis: [{ group: 'kind.x-k8s.io', versions: ['v1alpha4'], isOfFiles: true }],
    kind: 'Cluster',
    resource: 'clusters',
    shape: createShape(kindCluster),
    membership: () => 'once',
    *listFacts({ object }) {
      const defaults = KIND_DEFAULTS.get(readString(object, 'networking', 'ipFamily') || 'ipv4');
      yield {
        about: 'kubeadm-cluster',
        path: ['networking'],
        podSubnet: readString(object, 'networking', 'podSubnet') || defaults?.pods,
        serviceSubnet: readString(object, 'networking', 'serviceSubnet') || defaults?.services,
        podSubnetPath: ['networking', 'podSubnet'],
        serviceSubnetPath: ['networking', 'serviceSubnet'],
      };
      const runs = readString(object, 'networking', 'kubeProxyMode') !== 'none';
      yield { about: 'kube-proxy', path: ['networking', 'kubeProxyMode'], runs };
      if (readBoolean(object, 'networking', 'disableDefaultCNI') !== true)
        yield { about: 'default-cni', path: ['networking', 'disableDefaultCNI'] };
    },
  });
}

function* listClusterFacts({ object }: ObjectInput): Generator<Fact> {
  yield {
    about: 'kubeadm-cluster',
    path: ['networking'],
    podSubnet: readString(object, 'networking', 'podSubnet') || undefined,
    serviceSubnet: readString(object, 'networking', 'serviceSubnet') || undefined,
    podSubnetPath: ['networking', 'podSubnet'],
    serviceSubnetPath: ['networking', 'serviceSubnet'],
  };
  // Before v1beta4 the field does not exist: the closest field is the version that would have it.
  const path = isBeforeV1beta4(object) ? ['apiVersion'] : ['proxy', 'disabled'];
  const runs = path.length === 1 || readBoolean(object, 'proxy', 'disabled') !== true;
  yield { about: 'kube-proxy', path, runs };
  const address = hostOf(readString(object, 'controlPlaneEndpoint') ?? '');
  if (address !== '') yield { about: 'node-address', path: ['controlPlaneEndpoint'], address };
}

function* listAddressFacts(object: unknown, advertised: FieldPath): Generator<Fact> {
  const address = readString(object, ...advertised) ?? '';
  if (address !== '') yield { about: 'node-address', path: advertised, address };
  for (const { path, value } of kubeletAddresses(object)) {
    for (const each of value.split(',')) {
      if (each.trim() !== '') yield { about: 'node-address', path, address: each.trim() };
    }
  }
}

/** node-ip of the kubelet: in a map of arguments (v1beta3), or in a list (v1beta4). */
function kubeletAddresses(object: unknown): { readonly path: FieldPath; readonly value: string }[] {
  const at: FieldPath = ['nodeRegistration', 'kubeletExtraArgs'];
  const args = read(object, ...at);
  const found = isMap(args)
    ? [{ path: [...at, 'node-ip'], value: readString(args, 'node-ip') }]
    : readList(args).map((each, index) => ({
        path: [...at, index, 'value'],
        value: readString(each, 'name') === 'node-ip' ? readString(each, 'value') : undefined,
      }));
  return found.flatMap(({ path, value }) => (value === undefined ? [] : [{ path, value }]));
}

/** These versions have no field `proxy`, and their arguments of components are maps. */
export function isBeforeV1beta4(object: unknown): boolean {
  return /\/v1beta[123]$/.test(readString(object, 'apiVersion') ?? '');
}

/** The host in `10.0.0.1:6443`, `[fd00::1]:6443` or `fd00::1`. */
function hostOf(endpoint: string): string {
  if (endpoint.startsWith('[')) return endpoint.slice(1, endpoint.indexOf(']'));
  const colon = endpoint.indexOf(':');
  return colon >= 0 && colon === endpoint.lastIndexOf(':') ? endpoint.slice(0, colon) : endpoint;
}
