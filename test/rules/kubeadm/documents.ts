import type { Base } from '../../support/rule-tester.ts';

/** What tables are made of: each document with what matters in it. */
export const DOCUMENTS: Base<{ readonly documents: readonly object[] }> = {
  write: ({ documents }) => documents,
  by: 'check',
};

export function clusterConfiguration(body: object = {}, version = 'v1beta4'): object {
  return { apiVersion: `kubeadm.k8s.io/${version}`, kind: 'ClusterConfiguration', ...body };
}

/** A ClusterConfiguration with these ranges. */
export function subnets(podSubnet?: unknown, serviceSubnet?: unknown): object {
  return clusterConfiguration({
    networking: {
      ...(podSubnet !== undefined && { podSubnet }),
      ...(serviceSubnet !== undefined && { serviceSubnet }),
    },
  });
}

export function initConfiguration(body: object, version = 'v1beta4'): object {
  return { apiVersion: `kubeadm.k8s.io/${version}`, kind: 'InitConfiguration', ...body };
}

export function advertise(advertiseAddress: string): object {
  return initConfiguration({ localAPIEndpoint: { advertiseAddress } });
}

export function joinConfiguration(body: object): object {
  return { apiVersion: 'kubeadm.k8s.io/v1beta4', kind: 'JoinConfiguration', ...body };
}

export function kubeProxy(body: object): object {
  return { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration', ...body };
}

export function configMap(name: string, data: object, namespace = 'kube-system'): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

export function calicoConfig(data: object): object {
  return configMap('calico-config', data);
}

export interface NodeOptions {
  readonly image?: string;
  readonly namespace?: string;
}

/** The DaemonSet calico-node with these variables; an object stands for valueFrom. */
export function calicoNode(variables: Readonly<Record<string, unknown>>, options: NodeOptions = {}): object {
  const { image = 'quay.io/calico/node:v3.30.0', namespace = 'kube-system' } = options;
  const env = Object.entries(variables).map(([name, value]) =>
    typeof value === 'object' ? { name, valueFrom: value } : { name, value },
  );
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'calico-node', namespace },
    spec: { template: { spec: { containers: [{ name: 'calico-node', image, env }] } } },
  };
}

/** Where the value of that variable stands. */
export function at(index: number): string {
  return `spec.template.spec.containers[0].env[${index}].value`;
}

/** cluster-proportional-autoscaler with these arguments, as Calico's manifests for GKE and aks-engine have it. */
export function proportionalAutoscaler(command: readonly string[], namespace = 'kube-system'): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'calico-typha-horizontal-autoscaler', namespace },
    spec: { replicas: 1, template: { spec: { containers: [{ name: 'autoscaler', command }] } } },
  };
}

export function podAutoscaler(name: string, kind = 'Deployment', version = 'v2'): object {
  return {
    apiVersion: `autoscaling/${version}`,
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'typha', namespace: 'kube-system' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind, name }, minReplicas: 2, maxReplicas: 6 },
  };
}

/** An Installation with these ranges as pools, or with what is written below calicoNetwork. */
export function installation(written: readonly string[] | object, spec: object = {}): object {
  const calicoNetwork = Array.isArray(written)
    ? { ipPools: written.map((cidr) => ({ cidr, encapsulation: 'VXLAN' })) }
    : written;
  return {
    apiVersion: 'operator.tigera.io/v1',
    kind: 'Installation',
    metadata: { name: 'default' },
    spec: { calicoNetwork, ...spec },
  };
}

/** The configuration of OpenShift's network operator. */
export function openshift(deployKubeProxy: unknown): object {
  return {
    apiVersion: 'operator.openshift.io/v1',
    kind: 'Network',
    metadata: { name: 'cluster' },
    spec: { deployKubeProxy },
  };
}

export function ipPool(cidr: string, more: object = {}): object {
  const spec = { cidr, natOutgoing: true, ...more };
  return { apiVersion: 'projectcalico.org/v3', kind: 'IPPool', metadata: { name: 'pool' }, spec };
}

export function felix(spec: object): object {
  return {
    apiVersion: 'projectcalico.org/v3',
    kind: 'FelixConfiguration',
    metadata: { name: 'default' },
    spec,
  };
}

export function typha(replicas?: number): object[] {
  const metadata = { name: 'calico-typha', namespace: 'kube-system' };
  return [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: replicas === undefined ? {} : { replicas } },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 5473 }] } },
  ];
}
