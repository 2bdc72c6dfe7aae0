// The operator reads ConfigMap kubernetes-services-endpoint in its own namespace, and the calico-node of the manifests
// in kube-system. With eBPF without kube-proxy it must be there, unless the operator finds the API server by itself.
import { type BundleRule, factsOf, type LocatedFact } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const servicesEndpointPlace: BundleRule = {
  id: 'kubeadm/services-endpoint-place',
  title: 'ConfigMap kubernetes-services-endpoint should be in the namespace where Calico reads it',
  action: 'warn',
  docs: {
    why: 'Without kube-proxy Calico reaches the API server only by ConfigMap kubernetes-services-endpoint. The operator reads it in `tigera-operator`, the DaemonSet of the manifests in `kube-system`; in any other namespace it has no effect, and calico-node does not start.',
    fix: 'Move the ConfigMap into that namespace, or, with the operator, set `bpfNetworkBootstrap: Enabled`.',
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
        // Without a namespace in the file, the command that applies it chooses one.
        if (document.namespace === '') continue;
        yield {
          document,
          path: ['metadata', 'namespace'],
          reason: 'FieldValueInvalid',
          problem: `not read here, because Calico reads it in ${wanted}`,
          got: document.namespace,
          advice: `write ${wanted}`,
        };
      }
    }
  },
};

/** The namespace in which it is read; undefined if that is unknown. */
function placeOf(cluster: readonly LocatedFact[]): string | undefined {
  const hasOperator = factsOf(cluster, 'installation').length > 0;
  const hasManifest = factsOf(cluster, 'calico-node').length > 0;
  if (hasOperator === hasManifest) return undefined;
  return hasOperator ? 'tigera-operator' : 'kube-system';
}
