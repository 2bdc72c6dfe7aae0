// This rule compares IPPools with podSubnet of a kubeadm configuration. Calico itself works with any number of pools
// anywhere, so this is not an error as it is for the pool of the installation. Disabled pools, and pools that are not
// for pods, do not count. The effect is in kube-proxy: Services see the address of the node instead of the pod.
import { contains, parseCidr } from '../../formats/cidr.ts';
import { parseSubnets } from '../../formats/subnets.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { findKubeadm } from './shared/kubeadm-cluster.ts';

export const ippoolOutsidePodSubnet: BundleRule = {
  id: 'kubeadm/ippool-outside-pod-subnet',
  title: 'IPPools should be inside podSubnet',
  action: 'warn',
  docs: {
    why: 'kube-proxy treats pods outside podSubnet as clients outside the cluster: it hides their addresses from Services, and network policies there do not match them.',
    fix: 'Choose a range inside `podSubnet`, or let kube-proxy detect pods in another way (`detectLocalMode`).',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
---
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  natOutgoing: true
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
---
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.245.0.0/16
  natOutgoing: true
`,
    source: 'projectcalico/calico#2252; Kubernetes documentation, kube-proxy (clusterCIDR)',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const subnets = parseSubnets(findKubeadm(cluster)?.podSubnet ?? '');
      if (subnets.length === 0) continue;
      for (const { by, document, path, cidr, isDisabled } of factsOf(cluster, 'pool')) {
        const range = parseCidr(cidr);
        if (by !== 'ippool' || isDisabled || range === undefined) continue;
        if (subnets.some((each) => contains(each, range))) continue;
        yield {
          document,
          path,
          reason: 'FieldValueForbidden',
          problem: 'outside podSubnet, so kube-proxy treats its pods as external clients',
          got: cidr,
          advice: 'use a range inside podSubnet',
        };
      }
    }
  },
};
