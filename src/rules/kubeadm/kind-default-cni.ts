// kind installs kindnet, its own CNI plugin, unless this is disabled. It conflicts with Calico.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const kindDefaultCni: BundleRule = {
  id: 'kubeadm/kind-default-cni',
  title: 'kind should not install its own CNI plugin beside Calico',
  action: 'warn',
  docs: {
    why: 'kind installs kindnet unless `disableDefaultCNI` is true. Pods then get their network from the first CNI configuration on the node, and Calico policies have no effect on pods of kindnet.',
    fix: 'Write `networking.disableDefaultCNI: true`.',
    good: `
apiVersion: kind.x-k8s.io/v1alpha4
kind: Cluster
networking:
  disableDefaultCNI: true
  podSubnet: 192.168.0.0/16
---
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: VXLAN
`,
    bad: `
apiVersion: kind.x-k8s.io/v1alpha4
kind: Cluster
networking:
  podSubnet: 192.168.0.0/16
---
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: VXLAN
`,
    source: 'Calico documentation, kind; kind documentation, disable default CNI',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const hasCalico =
        factsOf(cluster, 'calico-node').length > 0 || factsOf(cluster, 'installation').length > 0;
      if (!hasCalico) continue;
      for (const { document, path } of factsOf(cluster, 'default-cni')) {
        const problem = 'kind installs its own CNI plugin beside Calico';
        yield { document, path, reason: 'FieldValueRequired', problem, advice: 'write true' };
      }
    }
  },
};
