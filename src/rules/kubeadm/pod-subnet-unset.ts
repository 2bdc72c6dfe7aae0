// calico-node beside a kubeadm configuration without podSubnet, while nothing else names a pool. That the Tigera
// operator does not go on without it is an error of its own. Calico then falls back to 192.168.0.0/16, which kubeadm
// has told nobody of.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { findKubeadm } from './shared/kubeadm-cluster.ts';

export const podSubnetUnset: BundleRule = {
  id: 'kubeadm/pod-subnet-unset',
  title: 'Calico finds podSubnet',
  action: 'warn',
  docs: {
    why: 'calico-node takes its pool from podSubnet of kubeadm. Without it the pool is 192.168.0.0/16, or another private range where a node has an address in that one, and kube-proxy knows nothing of it.',
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
        advice: 'write a range for pods',
      };
    }
  },
};
