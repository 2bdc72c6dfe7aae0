// kOps allows that pods and Services share addresses (kops#16340): it removed the check because clusters with such
// ranges existed. A Service may then get the address of a pod, and one of the two cannot be reached. Missing ranges
// count with the defaults of kOps: the upper half of nonMasqueradeCIDR for pods, 100.64.0.0/13 for Services.
import { formatCidr, overlaps } from '../../formats/cidr.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';

export const serviceRange: Rule<KopsClusterInput> = {
  id: 'kops/service-range',
  title: 'the ranges of pods and Services should not overlap',
  action: 'warn',
  docs: {
    why: 'A Service can get the address of a pod; then one of the two cannot be reached.',
    fix: 'Choose ranges that do not overlap, both inside `nonMasqueradeCIDR`, or remove both.',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  podCIDR: 100.96.0.0/11
  serviceClusterIPRange: 100.64.0.0/13
  networking:
    calico: {}
`,
    bad: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  podCIDR: 100.64.0.0/11
  serviceClusterIPRange: 100.64.0.0/13
  networking:
    calico: {}
`,
    source: 'kubernetes/kops#16340',
    since: '0.1.0',
  },
  *check({ ranges, podRange, serviceRange: services }) {
    if (podRange === undefined || services === undefined || !overlaps(podRange, services)) return;
    const { service, pod, controllerManager, nonMasquerade } = ranges;
    const written = [service, controllerManager, pod].find(({ cidr }) => cidr !== undefined);
    const { path, value } = written ?? nonMasquerade;
    const other =
      written === service ? `pod range ${formatCidr(podRange)}` : `Service range ${formatCidr(services)}`;
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: `${written === undefined ? 'its upper half, the pod range, ' : ''}overlaps the ${other}`,
      got: value,
      advice: 'choose another range',
    };
  },
};
