// A range for pods in calico-node's environment, with no kubeadm configuration in sight: if it is kubeadm's default for
// Services, it is most likely theirs as well. Pools of other kinds are left alone: they are of clusters of any kind.
import { overlaps, parseCidr } from '../../formats/cidr.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { DEFAULT_SERVICES } from './shared/kubeadm-cluster.ts';

export const poolInDefaultServices: BundleRule = {
  id: 'kubeadm/pool-in-default-services',
  title: "calico-node's pool is not where kubeadm puts Services",
  action: 'warn',
  docs: {
    why: 'kubeadm gives 10.96.0.0/12 (10.96.0.0 to 10.111.255.255) to Services unless `serviceSubnet` says otherwise. An address that is both of a pod and of a Service reaches one of them only.',
    fix: 'Choose another range, or write `serviceSubnet` of kubeadm and check both together.',
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
          problem: `by default kubeadm puts Services in ${DEFAULT_SERVICES}`,
          got: cidr,
          advice: 'choose another range',
        };
      }
    }
  },
};
