// Without kube-proxy the operator needs the address of the API server: from a ConfigMap, or by bpfNetworkBootstrap.
// With both it stops, because they may differ. Reported only if both are among the files.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const installationServicesEndpoint: BundleRule = {
  id: 'tigera/installation-services-endpoint',
  title: 'the address of the API server must be set in one way only for eBPF',
  action: 'deny',
  docs: {
    why: 'bpfNetworkBootstrap and the ConfigMap kubernetes-services-endpoint both give the operator the address of the API server. It rejects both together.',
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
          problem: 'ConfigMap kubernetes-services-endpoint also exists',
          got: 'Enabled',
          advice: 'remove the ConfigMap, or this field',
        };
      }
    }
  },
};
