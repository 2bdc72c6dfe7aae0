// calico-node together with a kubeadm configuration without podSubnet, while no other document names a pool. Another
// rule reports that the Tigera operator needs it. Calico then falls back to 192.168.0.0/16, which no other component
// knows.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { findKubeadm } from './shared/kubeadm-cluster.ts';

export const podSubnetUnset: BundleRule = {
  id: 'kubeadm/pod-subnet-unset',
  title: 'podSubnet should be set for Calico',
  action: 'warn',
  docs: {
    why: 'calico-node uses podSubnet of kubeadm for its pool. Without it the pool is 192.168.0.0/16, or another private range if a node has an address in that range, and kube-proxy does not know the range.',
    fix: 'Write `networking.podSubnet`.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
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
            - name: CALICO_IPV4POOL_IPIP
              value: "Always"
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking: {}
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
            - name: CALICO_IPV4POOL_IPIP
              value: "Always"
`,
    source: 'projectcalico/calico, node/pkg/lifecycle/startup/startup.go (configureIPPools)',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const kubeadm = findKubeadm(cluster);
      if (kubeadm === undefined || kubeadm.podSubnet !== undefined) continue;
      if (factsOf(cluster, 'calico-node').length === 0 || factsOf(cluster, 'pool').length > 0) continue;
      yield {
        document: kubeadm.document,
        path: kubeadm.podSubnetPath,
        reason: 'FieldValueRequired',
        problem: 'without a podSubnet Calico falls back to 192.168.0.0/16',
        advice: 'add podSubnet with a range for pods',
      };
    }
  },
};
