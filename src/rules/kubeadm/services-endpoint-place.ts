// The operator reads ConfigMap kubernetes-services-endpoint in its own namespace, the calico-node of the manifests in
// kube-system. Beside eBPF without kube-proxy it has to be there, or the operator has to find the API server by itself.
import { type BundleRule, factsOf, type LocatedFact } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const servicesEndpointPlace: BundleRule = {
  id: 'kubeadm/services-endpoint-place',
  title: 'the address of the API server is where Calico looks for it',
  action: 'warn',
  docs: {
    why: 'Without kube-proxy Calico reaches the API server by ConfigMap kubernetes-services-endpoint alone. The operator reads it in `tigera-operator`, the DaemonSet of the manifests in `kube-system`; anywhere else nobody does, and calico-node does not start.',
    fix: 'Put the ConfigMap into that namespace, or, with the operator, write `bpfNetworkBootstrap: Enabled`.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: BPF
    kubeProxyManagement: Enabled
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: kubernetes-services-endpoint
  namespace: tigera-operator
data:
  KUBERNETES_SERVICE_HOST: api.example.com
  KUBERNETES_SERVICE_PORT: "6443"
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: BPF
    kubeProxyManagement: Enabled
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: kubernetes-services-endpoint
  namespace: kube-system
data:
  KUBERNETES_SERVICE_HOST: api.example.com
  KUBERNETES_SERVICE_PORT: "6443"
`,
    source:
      'Calico documentation, enable eBPF (operator and manifest); Tigera operator, pkg/controller/k8sapi',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const wanted = placeOf(cluster);
      const all = factsOf(cluster, 'services-endpoint');
      if (wanted === undefined || all.some(({ document }) => document.namespace === wanted)) continue;
      for (const { document } of all) {
        // Where none is written, whoever applies it chooses.
        if (document.namespace === '') continue;
        yield {
          document,
          path: ['metadata', 'namespace'],
          reason: 'FieldValueInvalid',
          problem: `nobody reads it here: Calico looks in ${wanted}`,
          got: document.namespace,
          advice: `write ${wanted}`,
        };
      }
    }
  },
};

/** The namespace that it is read in; undefined where that cannot be told. */
function placeOf(cluster: readonly LocatedFact[]): string | undefined {
  const hasOperator = factsOf(cluster, 'installation').length > 0;
  const hasManifest = factsOf(cluster, 'calico-node').length > 0;
  if (hasOperator === hasManifest) return undefined;
  return hasOperator ? 'tigera-operator' : 'kube-system';
}
