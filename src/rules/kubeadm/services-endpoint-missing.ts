// eBPF by the manifests, without kube-proxy, and no ConfigMap kubernetes-services-endpoint: the address of the Service
// of the API server only works after calico-node has started, and calico-node needs it to start. Reported only if the
// files have the whole cluster.
import { type BundleRule, factsOf, type LocatedFact } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const servicesEndpointMissing: BundleRule = {
  id: 'kubeadm/services-endpoint-missing',
  title: 'Calico should have the address of the API server if kube-proxy is off',
  action: 'warn',
  docs: {
    why: 'Without kube-proxy the address of the Service `kubernetes` does not work until calico-node has programmed it, and calico-node first connects to the API server at that address. It does not start.',
    fix: 'Add ConfigMap `kubernetes-services-endpoint` in kube-system with the address and port of the API server, or set `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT` of calico-node.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
skipPhases: [addon/kube-proxy]
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: calico-node
  namespace: kube-system
spec:
  template:
    spec:
      containers:
        - name: calico-node
          image: quay.io/calico/node:v3.30.0
          env:
            - name: FELIX_BPFENABLED
              value: "true"
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
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
skipPhases: [addon/kube-proxy]
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: calico-node
  namespace: kube-system
spec:
  template:
    spec:
      containers:
        - name: calico-node
          image: quay.io/calico/node:v3.30.0
          env:
            - name: FELIX_BPFENABLED
              value: "true"
`,
    source:
      'Calico documentation, enable the eBPF dataplane (manifest): configure Calico to talk directly to the API server',
    since: '0.1.0',
  },
  *check(facts, _options, { isWhole }) {
    const [cluster = [], ...others] = groupByCluster(facts);
    if (!isWhole || others.length > 0 || !hasNoKubeProxy(cluster)) return;
    const nodes = factsOf(cluster, 'calico-node');
    const hasEndpoint = factsOf(cluster, 'services-endpoint').length > 0;
    if (hasEndpoint || nodes.length === 0 || nodes.some(({ mayNameApiServer }) => mayNameApiServer)) return;
    if (factsOf(cluster, 'installation').length > 0) return;
    for (const { document, path } of factsOf(cluster, 'ebpf')) {
      yield {
        document,
        path,
        reason: 'FieldValueForbidden',
        problem: 'without kube-proxy calico-node needs the address of the API server',
        advice: 'add ConfigMap kubernetes-services-endpoint',
      };
    }
  },
};

function hasNoKubeProxy(cluster: readonly LocatedFact[]): boolean {
  const stated = factsOf(cluster, 'kube-proxy');
  return stated.some(({ runs }) => !runs);
}
