// Ranges of kubeadm's ClusterConfiguration in a running cluster: kubeadm reads them at init and never changes what
// depends on them: addresses of Services, the podCIDRs of nodes, pools of Calico, certificates.
import { isUnset, read } from '../../policy/json.ts';
import { describe } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const FIXED: Readonly<Record<string, string>> = {
  podSubnet: 'nodes keep their podCIDR, and Calico keeps its pool',
  serviceSubnet: 'Services keep their addresses, which are then out of range',
};

export const livingCluster: Rule<ObjectInput> = {
  id: 'kubeadm/living-cluster',
  title: 'the ranges of a running cluster should not change',
  action: 'warn',
  docs: {
    why: 'kubeadm uses the ranges when it creates the cluster. Later, Services keep their addresses, nodes their podCIDR, and Calico its pool: the configuration and the cluster then differ, and kube-proxy treats pods as external clients.',
    fix: 'Keep the ranges. For another pod range create a second IPPool and move the pods. For another Service range create a new cluster, or add a ServiceCIDR.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v1.34.0
networking:
  podSubnet: 10.244.0.0/16
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v1.34.0
networking:
  podSubnet: 10.245.0.0/16
`,
    old: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v1.33.0
networking:
  podSubnet: 10.244.0.0/16
`,
    source: 'kubeadm documentation, reconfiguring a cluster; kubernetes/kops#1738 (what becomes of Services)',
    since: '0.1.0',
  },
  *check({ object, old }) {
    if (old === undefined) return;
    for (const [field, consequence] of Object.entries(FIXED)) {
      const before = read(old.object, 'networking', field);
      const value = read(object, 'networking', field);
      if (isUnset(before) || before === value || typeof before !== 'string') continue;
      yield {
        path: ['networking', field],
        reason: 'FieldValueForbidden',
        problem: isUnset(value) ? `removed: ${consequence}` : consequence,
        got: value ?? undefined,
        advice: `keep ${describe(before)}`,
      };
    }
  },
};
