// host-local IPAM with the podCIDR of the node needs USE_POD_CIDR of calico-node: only then there are routes to that
// range. Conversely, USE_POD_CIDR creates routes from which calico-ipam assigns no addresses. Without networking by
// Calico (backend none) there are no routes, and it does not matter.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { findConfiguredBackend } from './shared/configured-backend.ts';

export const usePodCidr: BundleRule = {
  id: 'kubeadm/use-pod-cidr',
  title: 'calico-node and the CNI configuration should use the same IPAM',
  action: 'warn',
  docs: {
    why: 'With host-local IPAM pods get addresses of the podCIDR of the node. calico-node only creates routes for it with `USE_POD_CIDR`: without it, pods on other nodes cannot be reached. With calico-ipam, `USE_POD_CIDR` must not be set.',
    fix: 'Set `USE_POD_CIDR` to `true` with host-local IPAM and `usePodCidr`, and remove it with calico-ipam.',
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  cni_network_config: |-
    {"name": "pods", "plugins": [{"type": "calico", "ipam": {"type": "host-local", "subnet": "usePodCidr"}}]}
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
            - name: USE_POD_CIDR
              value: "true"
`,
    bad: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  cni_network_config: |-
    {"name": "pods", "plugins": [{"type": "calico", "ipam": {"type": "host-local", "subnet": "usePodCidr"}}]}
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
            - name: DATASTORE_TYPE
              value: kubernetes
`,
    source: 'projectcalico/calico#8374; Calico documentation, configure the CNI plugins (host-local IPAM)',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const [config, ...others] = factsOf(cluster, 'cni-config');
      if (config === undefined || others.length > 0) continue;
      const configured = findConfiguredBackend(cluster);
      for (const { document, path, variables, backend = configured } of factsOf(cluster, 'calico-node')) {
        const { USE_POD_CIDR: variable } = variables;
        if (backend === 'none' || (variable !== undefined && variable.value === undefined)) continue;
        const isUsed = variable?.value?.toLowerCase() === 'true';
        const at = variable?.path ?? [...path, 'env'];
        const got = variable?.value;
        if (config.ipam === 'host-local' && config.usesPodCidr && !isUsed) {
          const problem = "host-local IPAM uses the node's podCIDR, but calico-node creates no routes for it";
          const advice = 'set USE_POD_CIDR to "true"';
          yield { document, path: at, reason: 'FieldValueRequired', problem, got, advice };
        }
        if (config.ipam === 'calico-ipam' && isUsed) {
          const problem = "calico-ipam assigns no addresses of the node's podCIDR";
          const advice = 'remove USE_POD_CIDR, or use host-local IPAM with usePodCidr';
          yield { document, path: at, reason: 'FieldValueInvalid', problem, got, advice };
        }
      }
    }
  },
};
