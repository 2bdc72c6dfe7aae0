// This rule reports an Installation with the Calico CNI plugin together with a kubeadm configuration without podSubnet.
// If there already are IPPools, the operator does not need it. Otherwise the operator reports a degraded TigeraStatus,
// and no node gets a network.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { findKubeadm } from './shared/kubeadm-cluster.ts';

export const operatorNeedsPodSubnet: BundleRule = {
  id: 'kubeadm/operator-needs-pod-subnet',
  title: 'podSubnet must be set for the Tigera operator',
  action: 'deny',
  docs: {
    why: 'On a kubeadm cluster the operator reads podSubnet before it creates its first pool, even if the Installation has pools. Without it the operator reports a degraded TigeraStatus, and does not install Calico.',
    fix: 'Write `networking.podSubnet` before `kubeadm init`.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
---
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 10.244.0.0/16
        encapsulation: VXLAN
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v1.33.0
---
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 10.244.0.0/16
        encapsulation: VXLAN
`,
    source: 'Tigera operator, pkg/controller/ippool/kubeadm.go (missing required podSubnet)',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const kubeadm = findKubeadm(cluster);
      if (kubeadm === undefined || kubeadm.podSubnet !== undefined) continue;
      if (!factsOf(cluster, 'installation').some(({ usesCalicoCni }) => usesCalicoCni)) continue;
      if (factsOf(cluster, 'pool').some(({ by }) => by === 'ippool')) continue;
      yield {
        document: kubeadm.document,
        path: kubeadm.podSubnetPath,
        reason: 'FieldValueRequired',
        problem: 'the Tigera operator does not install Calico without a podSubnet',
        advice: 'add podSubnet with the range of the pool',
      };
    }
  },
};
