// The eBPF dataplane of Calico does the work of kube-proxy. If both run, they conflict over node ports and since
// Calico 3.31 over port 10256, and calico-node does not become ready. kOps rejects the combination after it has
// completed the Cluster: if kubeProxy is not set, kube-proxy runs. Only `kops create cluster` disables it by itself.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';

export const ebpfNeedsKubeProxyOff: Rule<KopsClusterInput> = {
  id: 'kops/ebpf-needs-kube-proxy-off',
  title: 'kube-proxy must be off with the eBPF dataplane',
  action: 'deny',
  docs: {
    why: 'Felix and kube-proxy both use port 10256 and the Service addresses: calico-node does not become ready, and kOps rejects the completed Cluster even if `kubeProxy` is not set.',
    fix: 'Set `spec.kubeProxy.enabled: false`.',
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
  networking:
    calico:
      bpfEnabled: true
      encapsulationMode: vxlan
`,
    source: 'kOps, validateNetworkingCalico and KubeProxyOptionsBuilder; projectcalico/calico#10748',
    since: '0.1.0',
  },
  *check({ calico, spec }) {
    if (read(calico, 'bpfEnabled') !== true) return;
    const enabled = read(spec, 'kubeProxy', 'enabled');
    if (enabled === false) return;
    yield {
      path: ['spec', 'kubeProxy', 'enabled'],
      reason: 'FieldValueForbidden',
      problem: 'kube-proxy must be off with the eBPF dataplane',
      got: enabled,
      advice: 'set it to false',
    };
  },
};
