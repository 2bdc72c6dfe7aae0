// This rule compares podSubnet and serviceSubnet of one ClusterConfiguration, also in the ConfigMap that kubeadm
// uploaded. The finding is at serviceSubnet if it is set, otherwise at podSubnet. If they overlap, a Service and a pod
// will share an address at some time, and one of them cannot be reached.
import { formatCidr, overlaps } from '../../formats/cidr.ts';
import { parseSubnets } from '../../formats/subnets.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { DEFAULT_SERVICES } from './shared/kubeadm-cluster.ts';

export const overlappingSubnets: BundleRule = {
  id: 'kubeadm/overlapping-subnets',
  title: 'podSubnet and serviceSubnet must not overlap',
  action: 'deny',
  docs: {
    why: 'Traffic to an address of both a pod and a Service reaches only one of them. kubeadm does not compare the two: the cluster starts, and breaks when the first such address is assigned.',
    fix: 'Choose ranges that do not overlap. The default of `serviceSubnet` is 10.96.0.0/12, that is 10.96.0.0 to 10.111.255.255.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
  serviceSubnet: 10.96.0.0/12
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.0.0.0/8
`,
    source: 'kubernetes/kubeadm#3312 and #1185',
    since: '0.1.0',
  },
  *check(facts) {
    for (const { document, podSubnet = '', serviceSubnet, ...paths } of factsOf(facts, 'kubeadm-cluster')) {
      const services = parseSubnets(serviceSubnet ?? DEFAULT_SERVICES);
      const pods = parseSubnets(podSubnet);
      const pod = pods.find((each) => services.some((service) => overlaps(each, service)));
      if (pod === undefined) continue;
      const isWritten = serviceSubnet !== undefined;
      const other = isWritten
        ? `podSubnet, ${formatCidr(pod)}`
        : `the default Service range, ${DEFAULT_SERVICES}`;
      const got = serviceSubnet ?? podSubnet;
      yield {
        document,
        path: isWritten ? paths.serviceSubnetPath : paths.podSubnetPath,
        reason: 'FieldValueForbidden',
        problem: `overlaps ${other}`,
        got,
        advice: 'choose ranges that do not overlap',
      };
    }
  },
};
