// Without kube-proxy something else must serve the Services' addresses. Calico does so only with its eBPF dataplane.
// kOps does not look, because one may bring a proxy of one's own; without one no Service works, DNS first of all.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';

export const kubeProxyOffNeedsEbpf: Rule<KopsClusterInput> = {
  id: 'kops/kube-proxy-off-needs-ebpf',
  title: 'kube-proxy is only off where the eBPF dataplane is on',
  action: 'warn',
  docs: {
    why: 'Nothing serves the addresses of Services any more, that of the cluster DNS included, unless you bring a proxy of your own.',
    fix: 'Set `bpfEnabled: true`, or remove `kubeProxy.enabled`.',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  kubeProxy:
    enabled: false
  networking:
    calico:
      bpfEnabled: true
      encapsulationMode: vxlan
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
  kubeProxy:
    enabled: false
  networking:
    calico: {}
`,
    source: 'Calico, documentation of the eBPF dataplane',
    since: '0.1.0',
  },
  *check({ calico, spec }) {
    if (read(spec, 'kubeProxy', 'enabled') !== false || read(calico, 'bpfEnabled') === true) return;
    yield {
      path: ['spec', 'kubeProxy', 'enabled'],
      reason: 'FieldValueInvalid',
      problem: 'nothing serves Services without kube-proxy or eBPF',
      got: false,
      advice: 'remove it or set bpfEnabled',
    };
  },
};
