// This rule compares the pools of an Installation, and CALICO_IPV4POOL_CIDR and CALICO_IPV6POOL_CIDR of calico-node,
// with podSubnet of a kubeadm configuration. A pool that is larger than podSubnet is not inside it either. The operator
// then installs nothing; with plain manifests the rest of the cluster treats pods as external clients.
import { contains, formatCidr, parseCidr } from '../../formats/cidr.ts';
import { parseSubnets } from '../../formats/subnets.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { findKubeadm } from './shared/kubeadm-cluster.ts';

export const poolOutsidePodSubnet: BundleRule = {
  id: 'kubeadm/pool-outside-pod-subnet',
  title: 'the first pool of Calico must be inside podSubnet',
  action: 'deny',
  docs: {
    why: 'kubeadm configures kube-proxy and the controller manager with podSubnet. The Tigera operator rejects a pool outside it and installs nothing. With plain manifests the rest of the cluster treats the pods as external clients, and they cannot reach the outside or Services.',
    fix: 'Write the range of `podSubnet`, or a part of it; or remove CALICO_IPV4POOL_CIDR, and calico-node uses podSubnet.',
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
      - cidr: 10.244.0.0/17
        encapsulation: VXLAN
`,
    bad: `
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
      - cidr: 192.168.0.0/16
        encapsulation: VXLAN
`,
    source:
      'Tigera operator, pkg/controller/ippool/defaults.go; projectcalico/calico#962, #2252 and #3878; tigera/operator#1512',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const subnets = parseSubnets(findKubeadm(cluster)?.podSubnet ?? '');
      if (subnets.length === 0) continue;
      const within = subnets.slice(0, 2).map(formatCidr).join(',');
      for (const { by, document, path, cidr } of factsOf(cluster, 'pool')) {
        const range = parseCidr(cidr);
        if (by === 'ippool' || range === undefined || subnets.some((each) => contains(each, range))) continue;
        // calico-node allows a family that kubeadm does not have; the operator does not.
        if (by === 'calico-node' && !subnets.some(({ family }) => family === range.family)) continue;
        yield {
          document,
          path,
          reason: 'FieldValueForbidden',
          problem: `outside podSubnet ${within}`,
          got: cidr,
          advice: 'use that range, or a part of it',
        };
      }
    }
  },
};
