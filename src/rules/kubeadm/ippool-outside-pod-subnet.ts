// IPPools beside a kubeadm configuration with podSubnet. Calico itself works with any number of pools anywhere, so
// that this is no error as it is for the pool that comes with the installation. Disabled pools, and pools for no
// pods, do not count. What suffers is what kube-proxy does for such pods: Services see the address of the node.
import { contains, parseCidr } from '../../formats/cidr.ts';
import { parseSubnets } from '../../formats/subnets.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { findKubeadm } from './shared/kubeadm-cluster.ts';

export const ippoolOutsidePodSubnet: BundleRule = {
  id: 'kubeadm/ippool-outside-pod-subnet',
  title: 'further pools lie within podSubnet',
  action: 'warn',
  docs: {
    why: 'kube-proxy takes pods outside podSubnet for clients outside the cluster: it hides their addresses from Services, and network policies there do not match them.',
    fix: 'Choose a range within `podSubnet`, or let kube-proxy tell pods by something else (`detectLocalMode`).',
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
          problem: 'outside podSubnet, so that kube-proxy treats its pods as clients from outside',
          got: cidr,
          advice: 'stay in podSubnet',
        };
      }
    }
  },
};
