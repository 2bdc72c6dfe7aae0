import type { FieldPath } from './field-path.ts';

// What documents say that concerns others: the vocabulary between targets, which speak it, and rules across
// documents, which listen. Small, plain data: of thousands of files this is all that is kept. A value stands here as
// it was written; whether it is any good is for the rules of its own document to say.

interface Stated {
  /** Where the document says it; where it says so by what it is, the field that comes closest. */
  readonly path: FieldPath;
}

/** A range that pods get addresses from: an IPPool, a pool of an Installation, calico-node's environment. */
export interface PoolStatement extends Stated {
  readonly about: 'pool';
  readonly by: 'ippool' | 'installation' | 'calico-node';
  readonly cidr: string;
  readonly isDisabled: boolean;
  /** Whether traffic between nodes is wrapped into IP-in-IP, in any mode but Never. */
  readonly usesIpip: boolean;
}

/** Any IPPool, whatever its addresses are for; two of one name are one pool. */
export interface IpPoolStatement extends Stated {
  readonly about: 'ip-pool';
  readonly cidr: string;
  readonly encapsulation: 'ipip' | 'vxlan' | 'none';
  /** Whether only traffic between subnets is encapsulated. */
  readonly isCrossSubnet: boolean;
}

/** A kubeadm ClusterConfiguration; the path is that of its networking. */
export interface KubeadmClusterStatement extends Stated {
  readonly about: 'kubeadm-cluster';
  /** As they were written: lists with commas. Undefined where they are unset. */
  readonly podSubnet: string | undefined;
  readonly serviceSubnet: string | undefined;
  /** Where they stand, or would stand. */
  readonly podSubnetPath: FieldPath;
  readonly serviceSubnetPath: FieldPath;
}

/** An Installation of the Tigera operator. */
export interface InstallationStatement extends Stated {
  readonly about: 'installation';
  /** Whether pods get their interfaces from Calico, and not from the cloud's own plugin. */
  readonly usesCalicoCni: boolean;
  /** Whether the operator is to find the API server without ConfigMap kubernetes-services-endpoint. */
  readonly bootstrapsBpf: boolean;
}

/** ConfigMap kubernetes-services-endpoint: the API server's address for the Tigera operator. */
export interface ServicesEndpointStatement extends Stated {
  readonly about: 'services-endpoint';
}

/** An address that a node of the cluster has: the API server's, as kubeadm is told. */
export interface NodeAddressStatement extends Stated {
  readonly about: 'node-address';
  readonly address: string;
}

/** Whether kube-proxy runs, as far as one document decides it. */
export interface KubeProxyStatement extends Stated {
  readonly about: 'kube-proxy';
  readonly runs: boolean;
}

/** A KubeProxyConfiguration: what kube-proxy takes for pods, and how it works. */
export interface KubeProxySettingsStatement extends Stated {
  readonly about: 'kube-proxy-settings';
  /** As it was written; undefined where it is unset, or of no effect. */
  readonly clusterCidr: string | undefined;
  readonly mode: string | undefined;
}

/** Calico's eBPF dataplane is switched on. */
export interface EbpfStatement extends Stated {
  readonly about: 'ebpf';
  readonly by: 'felix' | 'installation' | 'calico-node';
  /** The document itself takes care of kube-proxy, or makes the two get along. */
  readonly handlesKubeProxy: boolean;
  /** Felix's bpfDataIfacePattern as far as the document says it; undefined: Felix's default. */
  readonly interfacePattern: string | undefined;
}

/** A FelixConfiguration leaves the rules of kube-proxy alone, whoever switches eBPF on. */
export interface KubeProxyTruceStatement extends Stated {
  readonly about: 'kube-proxy-truce';
  /** What becomes of kube-proxy's health port, which Felix takes by default. */
  readonly port: 'left' | 'taken' | 'unset';
}

/** The networking backend of calico-node, from ConfigMap calico-config or the environment. */
export interface BackendStatement extends Stated {
  readonly about: 'backend';
  readonly backend: string;
}

/** A calico-node DaemonSet of a plain manifest; the path is that of its container. */
export interface CalicoNodeStatement extends Stated {
  readonly about: 'calico-node';
  /** From the image's tag; undefined where it names none. */
  readonly version: { readonly major: number; readonly minor: number } | undefined;
  /** Where CALICO_IPV4POOL_IPIP turns IP-in-IP on; undefined where it does not. */
  readonly ipipPath: FieldPath | undefined;
}

/** Calico is told to use Typha (typha_service_name), Typha is there with so many replicas, or something scales it. */
export interface TyphaStatement extends Stated {
  readonly about: 'typha';
  readonly state: 'wanted' | 'deployed' | 'service' | 'scaled';
  /** Of a Deployment; undefined elsewhere. */
  readonly replicas: number | undefined;
}

/** Which routes between nodes Felix or BIRD programs (programClusterRoutes), where it is written. */
export interface ClusterRoutesStatement extends Stated {
  readonly about: 'cluster-routes';
  readonly by: 'felix' | 'bgp';
  readonly value: string;
}

/** A Tier; its name is the document's. */
export interface TierStatement extends Stated {
  readonly about: 'tier';
}

/** A policy of Calico that is in a tier by its name. */
export interface TieredPolicyStatement extends Stated {
  readonly about: 'tiered-policy';
  readonly tier: string;
}

/** A policy that is about all pods and all host endpoints, and does not allow everything. */
export interface HostPolicyStatement extends Stated {
  readonly about: 'host-policy';
}

/** That there are host endpoints, or that Calico makes one for each node. */
export interface HostEndpointStatement extends Stated {
  readonly about: 'host-endpoint';
}

/** A BGPFilter; its name is the document's. */
export interface BgpFilterStatement extends Stated {
  readonly about: 'bgp-filter';
}

/** A filter that a BGPPeer names. */
export interface UsedFilterStatement extends Stated {
  readonly about: 'used-filter';
  readonly filter: string;
}

/** A BGPPeer, whomever it peers with. */
export interface BgpPeerStatement extends Stated {
  readonly about: 'bgp-peer';
}

/** That nodes do not peer with each other by themselves. */
export interface MeshOffStatement extends Stated {
  readonly about: 'mesh-off';
}

/** A pool whose addresses are for Services of type LoadBalancer. */
export interface LoadBalancerPoolStatement extends Stated {
  readonly about: 'load-balancer-pool';
}

/** Calico's controllers, and whether the one for load balancers is among them. */
export interface ControllersStatement extends Stated {
  readonly about: 'controllers';
  readonly givesLoadBalancerAddresses: boolean;
}

/** The cloud that a cluster runs in, in Gardener's words: aws, azure, gcp, openstack, … */
export interface CloudStatement extends Stated {
  readonly about: 'cloud';
  readonly cloud: string;
}

/** A kOps Cluster with Calico, as InstanceGroups beside it concern it; the path is that of its Calico settings. */
export interface KopsClusterStatement extends Stated {
  readonly about: 'kops-cluster';
  readonly cluster: string;
  /** Number of Typha pods: 0 is none. */
  readonly typhaReplicas: number;
  /** Whether every node speaks BGP to every other one. */
  readonly usesMesh: boolean;
  readonly wireguard: boolean;
}

/** An InstanceGroup of a kOps cluster (label kops.k8s.io/cluster). */
export interface InstanceGroupStatement extends Stated {
  readonly about: 'instance-group';
  readonly cluster: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly image: string | undefined;
}

/** The pods' range of a Shoot without an overlay, and the routed networks that it is routed in. */
export interface RoutedPodsStatement extends Stated {
  readonly about: 'routed-pods';
  /** What Shoots share whose pods see each other: `vpc vpc-123`; nothing where each Shoot gets its own. */
  readonly network: string;
  readonly cidr: string;
}

export type Statement =
  | PoolStatement
  | IpPoolStatement
  | KubeadmClusterStatement
  | InstallationStatement
  | ServicesEndpointStatement
  | NodeAddressStatement
  | KubeProxyStatement
  | KubeProxySettingsStatement
  | EbpfStatement
  | KubeProxyTruceStatement
  | BackendStatement
  | CalicoNodeStatement
  | TyphaStatement
  | ClusterRoutesStatement
  | TierStatement
  | TieredPolicyStatement
  | HostPolicyStatement
  | HostEndpointStatement
  | BgpFilterStatement
  | UsedFilterStatement
  | BgpPeerStatement
  | MeshOffStatement
  | LoadBalancerPoolStatement
  | ControllersStatement
  | CloudStatement
  | KopsClusterStatement
  | InstanceGroupStatement
  | RoutedPodsStatement;
