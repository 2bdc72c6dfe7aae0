import type { Cidr } from '../formats/cidr.ts';
import schema from '../kinds/installation.json' with { type: 'json' };
import podAffinity from '../kinds/pod-affinity.json' with { type: 'json' };
import podLabelRequirement from '../kinds/pod-label-requirement.json' with { type: 'json' };
import podLabelSelector from '../kinds/pod-label-selector.json' with { type: 'json' };
import podMetadata from '../kinds/pod-metadata.json' with { type: 'json' };
import podNodeAffinity from '../kinds/pod-node-affinity.json' with { type: 'json' };
import podNodeTerm from '../kinds/pod-node-term.json' with { type: 'json' };
import podPodAffinity from '../kinds/pod-pod-affinity.json' with { type: 'json' };
import podPodTerm from '../kinds/pod-pod-term.json' with { type: 'json' };
import podProbe from '../kinds/pod-probe.json' with { type: 'json' };
import podResources from '../kinds/pod-resources.json' with { type: 'json' };
import podToleration from '../kinds/pod-toleration.json' with { type: 'json' };
import type { Fact } from '../policy/fact.ts';
import { type JsonObject, read, readString } from '../policy/json.ts';
import { once } from '../policy/once.ts';
import type { Target } from '../policy/types.ts';
import { createValueShape } from '../schema/shape.ts';
import {
  type InstallationView,
  isIpip,
  isVxlan,
  NETWORK_PATH,
  viewInstallation,
} from './installation-view.ts';
import { createViewTarget, type ObjectInput } from './object.ts';

declare module '../policy/fact.ts' {
  interface Facts {
    /** An Installation of the Tigera operator. */
    installation: {
      /** Whether Calico's CNI plugin creates the interfaces of pods, and not the plugin of the cloud provider. */
      readonly usesCalicoCni: boolean;
      /** Whether the operator is set to create no pool. */
      readonly hasNoPools: boolean;
      /** Whether there are Windows nodes on which the operator installs Calico. */
      readonly hasWindows: boolean;
      /** The IPAM plugin: `Calico`, `HostLocal` or one of a cloud provider. */
      readonly ipam: string;
      /** Whether the operator is set to find the API server without ConfigMap kubernetes-services-endpoint. */
      readonly bootstrapsBpf: boolean;
    };
  }
}

const CLOUD_OF_PROVIDER: ReadonlyMap<string, string> = new Map([
  ['AKS', 'azure'],
  ['EKS', 'aws'],
  ['GKE', 'gcp'],
]);

/** An Installation, with one view of it for all rules. */
export interface InstallationInput extends ObjectInput {
  readonly old: InstallationInput | undefined;
  readonly view: InstallationView;
}

/** The Installation of the Tigera operator. */
export function createInstallationTarget(): Target<InstallationInput> {
  return createViewTarget({
    id: 'tigera',
    apis: [{ group: 'operator.tigera.io', versions: ['v1'] }],
    kind: 'Installation',
    resource: 'installations',
    registration: 'calico',
    // The Installation with this name is merged into the other.
    membership: (object) => (readString(object, 'metadata', 'name') === 'overlay' ? undefined : 'once'),
    shape: createValueShape(schema, [
      podAffinity,
      podLabelRequirement,
      podLabelSelector,
      podMetadata,
      podNodeAffinity,
      podNodeTerm,
      podPodAffinity,
      podPodTerm,
      podProbe,
      podResources,
      podToleration,
    ]),
    view: readInstallation,
    listFacts,
  });
}

function readInstallation(input: ObjectInput): InstallationInput {
  // The view of the old Installation is rarely needed.
  const view = once(() => viewInstallation(input.spec));
  return {
    ...input,
    old: input.old && readInstallation(input.old),
    get view() {
      return view();
    },
  };
}

function* listFacts({ view }: InstallationInput): Generator<Fact> {
  const usesCalicoCni = view.cni === 'Calico';
  const bootstrapsBpf = readString(view.network, 'bpfNetworkBootstrap') === 'Enabled';
  const hasNoPools = Array.isArray(read(view.network, 'ipPools')) && view.pools.length === 0;
  const hasWindows = readString(view.network, 'windowsDataplane') === 'HNS';
  yield {
    about: 'installation',
    path: NETWORK_PATH,
    usesCalicoCni,
    hasNoPools,
    hasWindows,
    ipam: view.ipam,
    bootstrapsBpf,
  };
  const cloud = CLOUD_OF_PROVIDER.get(view.provider);
  if (cloud !== undefined) yield { about: 'cloud', path: ['spec', 'kubernetesProvider'], cloud };
  if (view.dataplane === 'BPF') {
    yield {
      about: 'ebpf',
      by: 'installation',
      path: [...NETWORK_PATH, 'linuxDataplane'],
      // OpenShift's network operator runs kube-proxy, and is configured there to leave it.
      handlesKubeProxy:
        readString(view.network, 'kubeProxyManagement') === 'Enabled' || view.provider === 'OpenShift',
      interfacePattern: undefined,
    };
  }
  if (!usesCalicoCni) return;
  for (const { path, values, cidr: parsed, encapsulation, isForLoadBalancers } of view.pools) {
    const cidr = readString(values, 'cidr');
    if (cidr === undefined || isForLoadBalancers) continue;
    yield {
      about: 'pool',
      by: 'installation',
      path: [...path, 'cidr'],
      cidr,
      isDisabled: false,
      encapsulation: isIpip(encapsulation) ? 'ipip' : isVxlan(encapsulation) ? 'vxlan' : 'none',
      natOutgoing: isNatted(values, parsed),
    };
  }
}

/** The operator turns it on for IPv4 and off for IPv6 where nothing is written. */
function isNatted(pool: JsonObject, cidr: Cidr | undefined): boolean {
  const written = readString(pool, 'natOutgoing') || undefined;
  return written === undefined ? cidr?.family === 'IPv4' : written === 'Enabled';
}
