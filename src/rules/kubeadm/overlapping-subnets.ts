// podSubnet and serviceSubnet of one ClusterConfiguration, also in the ConfigMap that kubeadm has uploaded. The one
// that was written last in the documentation is the one to blame: serviceSubnet where it is written, else podSubnet.
// Where they overlap a Service and a pod will share an address one day, and one of them is not reached.
import { formatCidr, overlaps } from '../../formats/cidr.ts';
import { parseSubnets } from '../../formats/subnets.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { DEFAULT_SERVICES } from './shared/kubeadm-cluster.ts';

export const overlappingSubnets: BundleRule = {
  id: 'kubeadm/overlapping-subnets',
  title: 'pods and Services have ranges of their own',
  action: 'deny',
  docs: {
    why: 'An address that is both of a pod and of a Service reaches one of them only. kubeadm does not compare the two: the cluster comes up, and breaks when the first such address is given out.',
    fix: 'Make the ranges disjoint. Where `serviceSubnet` is not written it is 10.96.0.0/12, that is 10.96.0.0 to 10.111.255.255.',
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
        : `the Services' default, ${DEFAULT_SERVICES}`;
      const got = serviceSubnet ?? podSubnet;
      yield {
        document,
        path: isWritten ? paths.serviceSubnetPath : paths.podSubnetPath,
        reason: 'FieldValueForbidden',
        problem: `overlaps ${other}`,
        got,
        advice: 'make the ranges disjoint',
      };
    }
  },
};
