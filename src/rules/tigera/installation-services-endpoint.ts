// Without kube-proxy the operator needs the address of the API server: from a ConfigMap, or by bpfNetworkBootstrap.
// With both it stops, because they may differ. Told only where both are in the bundle.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const installationServicesEndpoint: BundleRule = {
  id: 'tigera/installation-services-endpoint',
  title: 'there is one way to the API server for eBPF',
  action: 'deny',
  docs: {
    why: 'bpfNetworkBootstrap and ConfigMap kubernetes-services-endpoint both tell the operator where the API server is. It rejects both at once.',
    fix: 'Remove the ConfigMap, or `bpfNetworkBootstrap`.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: BPF
    kubeProxyManagement: Enabled
    bpfNetworkBootstrap: Enabled
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
    bpfNetworkBootstrap: Enabled
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
    source: 'Tigera operator of Calico 3.33, api/v1/installation_types.go (bpfNetworkBootstrap)',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const endpoints = factsOf(cluster, 'services-endpoint');
      if (!endpoints.some(({ document }) => document.namespace === 'tigera-operator')) continue;
      for (const { path, document, bootstrapsBpf } of factsOf(cluster, 'installation')) {
        if (!bootstrapsBpf) continue;
        yield {
          document,
          path: [...path, 'bpfNetworkBootstrap'],
          reason: 'FieldValueForbidden',
          problem: 'ConfigMap kubernetes-services-endpoint is there as well',
          got: 'Enabled',
          advice: 'remove the ConfigMap or this',
        };
      }
    }
  },
};
