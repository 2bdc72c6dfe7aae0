// A pod range in the environment of calico-node, without a kubeadm configuration among the files: if it overlaps the
// default Service range of kubeadm, it most likely overlaps the real Service range. Other pools are not reported,
// because they may belong to any kind of cluster.
import { overlaps, parseCidr } from '../../formats/cidr.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { DEFAULT_SERVICES } from './shared/kubeadm-cluster.ts';

export const poolInDefaultServices: BundleRule = {
  id: 'kubeadm/pool-in-default-services',
  title: 'the pool of calico-node should not overlap the default Service range of kubeadm',
  action: 'warn',
  docs: {
    why: 'kubeadm uses 10.96.0.0/12 (10.96.0.0 to 10.111.255.255) for Services unless `serviceSubnet` is set. Traffic to an address of both a pod and a Service reaches only one of them.',
    fix: 'Choose another range, or set `serviceSubnet` of kubeadm and check both files together.',
    good: `
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
            - name: CALICO_IPV4POOL_CIDR
              value: "10.244.0.0/16"
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
`,
    bad: `
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
            - name: CALICO_IPV4POOL_CIDR
              value: "10.96.0.0/12"
`,
    source: 'projectcalico/calico#3626; kubeadm, DefaultServicesSubnet',
    since: '0.1.0',
  },
  *check(facts) {
    const services = parseCidr(DEFAULT_SERVICES);
    for (const cluster of groupByCluster(facts)) {
      if (services === undefined || factsOf(cluster, 'kubeadm-cluster').length > 0) continue;
      for (const { by, document, path, cidr } of factsOf(cluster, 'pool')) {
        const range = parseCidr(cidr);
        if (by !== 'calico-node' || range === undefined || !overlaps(range, services)) continue;
        yield {
          document,
          path,
          reason: 'FieldValueForbidden',
          problem: `overlaps the default Service range of kubeadm, ${DEFAULT_SERVICES}`,
          got: cidr,
          advice: 'choose another range',
        };
      }
    }
  },
};
