// podCIDR, podSubnets, serviceCIDR: names of other tools, which kubeadm reads over. The three names are those of both
// versions of its API. The cluster then has the default ranges, which cannot be changed later.
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const unknownField: Rule<ObjectInput> = {
  id: 'kubeadm/unknown-field',
  title: 'the networking of a ClusterConfiguration has no unknown fields',
  action: 'warn',
  docs: {
    why: 'kubeadm logs an unknown field as a warning and goes on without it: the cluster gets its default ranges.',
    fix: 'Correct the name: `podSubnet`, `serviceSubnet` and `dnsDomain`.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podCIDR: 10.244.0.0/16
`,
    source: 'kubeadm, its configuration API (v1beta3 and v1beta4)',
    since: '0.1.0',
  },
  *check({ shape }) {
    yield* shape.filter((problem) => problem.kind === 'unknown-field');
  },
};
