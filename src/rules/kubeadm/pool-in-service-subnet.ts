// Pools of any kind (IPPool, Installation, environment of calico-node) together with a kubeadm configuration: none may
// share an address with its serviceSubnet. Another rule compares podSubnet. Otherwise a Service and a pod will share
// an address at some time.
import { formatCidr, overlaps, parseCidr } from '../../formats/cidr.ts';
import { parseSubnets } from '../../formats/subnets.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { DEFAULT_SERVICES, findKubeadm } from './shared/kubeadm-cluster.ts';

export const poolInServiceSubnet: BundleRule = {
  id: 'kubeadm/pool-in-service-subnet',
  title: 'pools must not overlap the Service range',
  action: 'deny',
  docs: {
    why: 'Traffic to an address of both a pod and a Service reaches only one of them.',
    fix: 'Choose a range outside `serviceSubnet`, whose default is 10.96.0.0/12.',
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
  cidr: 10.96.128.0/17
  natOutgoing: true
`,
    source: 'kubernetes/kubeadm#1185',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const kubeadm = findKubeadm(cluster);
      if (kubeadm === undefined) continue;
      const services = parseSubnets(kubeadm.serviceSubnet ?? DEFAULT_SERVICES);
      for (const { document, path, cidr, isDisabled } of factsOf(cluster, 'pool')) {
        const range = parseCidr(cidr);
        if (isDisabled || range === undefined) continue;
        const service = services.find((each) => overlaps(each, range));
        if (service === undefined) continue;
        yield {
          document,
          path,
          reason: 'FieldValueForbidden',
          problem: `overlaps the Service range ${formatCidr(service)}`,
          got: cidr,
          advice: 'choose another range',
        };
      }
    }
  },
};
