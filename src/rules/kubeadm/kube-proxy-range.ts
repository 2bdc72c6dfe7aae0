// This rule compares clusterCIDR of a KubeProxyConfiguration with podSubnet of the ClusterConfiguration, as ranges and
// in any order. It has no effect, and is not reported, if detectLocalMode is not ClusterCIDR. kube-proxy masquerades
// traffic from outside its range: if the two differ, it hides pods from Services and from policies.
import { formatCidr } from '../../formats/cidr.ts';
import { parseSubnets } from '../../formats/subnets.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { findKubeadm } from './shared/kubeadm-cluster.ts';

export const kubeProxyRange: BundleRule = {
  id: 'kubeadm/kube-proxy-range',
  title: 'kube-proxy and kubeadm should have the same pod range',
  action: 'warn',
  docs: {
    why: 'kube-proxy treats everything outside clusterCIDR as clients outside the cluster: it hides the addresses of such pods from Services, and network policies there do not match them.',
    fix: 'Remove `clusterCIDR`: kubeadm sets it to `podSubnet`.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
---
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clusterCIDR: 10.244.0.0/16
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
---
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clusterCIDR: 192.168.0.0/16
`,
    source: 'kubeadm, componentconfigs/kubeproxy.go; Kubernetes documentation, kube-proxy (clusterCIDR)',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const podSubnet = findKubeadm(cluster)?.podSubnet;
      if (podSubnet === undefined) continue;
      for (const { document, path, clusterCidr } of factsOf(cluster, 'kube-proxy-settings')) {
        if (clusterCidr === undefined || normalize(clusterCidr) === normalize(podSubnet)) continue;
        yield {
          document,
          path,
          reason: 'FieldValueInvalid',
          problem: 'differs from podSubnet',
          got: clusterCidr,
          advice: 'remove it',
        };
      }
    }
  },
};

function normalize(subnets: string): string {
  return parseSubnets(subnets).map(formatCidr).sort().join();
}
