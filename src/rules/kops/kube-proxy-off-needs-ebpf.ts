// Without kube-proxy something else must implement Services. Calico does so only with its eBPF dataplane. kOps does
// not check this, because users can install another proxy; without one no Service works, not even DNS.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';

export const kubeProxyOffNeedsEbpf: Rule<KopsClusterInput> = {
  id: 'kops/kube-proxy-off-needs-ebpf',
  title: 'kube-proxy should be on unless the eBPF dataplane is on',
  action: 'warn',
  docs: {
    why: 'Nothing implements Services any more, including the cluster DNS, unless you install another proxy.',
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
      problem: 'Services do not work without kube-proxy or eBPF',
      got: false,
      advice: 'remove it, or set bpfEnabled: true',
    };
  },
};
