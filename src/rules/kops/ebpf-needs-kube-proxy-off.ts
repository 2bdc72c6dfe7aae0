// Calico's eBPF dataplane does what kube-proxy does. With both, they fight over node ports and since Calico 3.31 over
// port 10256, and calico-node does not get ready. kOps rejects the pair once it has completed the Cluster: leaving
// kubeProxy out means that it runs. Only `kops create cluster` switches it off by itself.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';

export const ebpfNeedsKubeProxyOff: Rule<KopsClusterInput> = {
  id: 'kops/ebpf-needs-kube-proxy-off',
  title: 'the eBPF dataplane comes with kube-proxy switched off',
  action: 'deny',
  docs: {
    why: 'Felix and kube-proxy both claim port 10256 and the service addresses: calico-node does not become ready, and kOps rejects the completed Cluster even where `kubeProxy` is left out.',
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
      problem: 'the eBPF dataplane takes the place of kube-proxy',
      got: enabled,
      advice: 'set it to false',
    };
  },
};
