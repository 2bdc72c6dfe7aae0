// podCIDR, podSubnets, serviceCIDR: names of other tools, which kubeadm ignores. The three right names are the same in
// both versions of its API. The cluster then gets the default ranges, which cannot be changed later. Before v1beta4
// there is no `proxy` either. kube-proxy ignores proxyMode and clusterCidr as well.
import { isUnset, read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const BEFORE_PROXY = /\/v1beta[123]$/;

export const unknownField: Rule<ObjectInput> = {
  id: 'kubeadm/unknown-field',
  title: 'a configuration of kubeadm or kube-proxy should have no unknown fields about networking',
  action: 'warn',
  docs: {
    why: 'kubeadm and kube-proxy log an unknown field as a warning and ignore it: the cluster gets its default ranges, kube-proxy its default mode, or kube-proxy runs although `proxy` is set in a version before v1beta4. `kubeadm config validate` rejects the file.',
    fix: 'Correct the name: `podSubnet`, `serviceSubnet` and `dnsDomain`; in a KubeProxyConfiguration `mode` and `clusterCIDR`. `proxy` needs `kubeadm.k8s.io/v1beta4`.',
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
  *check({ object, shape }) {
    yield* shape.filter((problem) => problem.kind === 'unknown-field');
    if (isUnset(read(object, 'proxy')) || !BEFORE_PROXY.test(readString(object, 'apiVersion') ?? '')) return;
    yield {
      path: ['proxy'],
      at: 'key',
      reason: 'FieldValueForbidden',
      problem: 'this version of the API has no such field',
      advice: 'use apiVersion kubeadm.k8s.io/v1beta4',
    };
  },
};
