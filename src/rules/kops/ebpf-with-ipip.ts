// eBPF programs can redirect a packet to another layer 2 device, but an IP-in-IP tunnel is not one: every packet goes
// through the kernel stack. The default of kOps with IPv4 is ipip, so a missing field counts.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { inCalico } from './shared/calico-field.ts';

export const ebpfWithIpip: Rule<KopsClusterInput> = {
  id: 'kops/ebpf-with-ipip',
  title: 'the eBPF dataplane should run with VXLAN, not IP-in-IP',
  action: 'warn',
  docs: {
    why: 'eBPF cannot redirect packets into an IP-in-IP tunnel: they take the slow path, and the dataplane loses its advantage.',
    fix: 'Set `encapsulationMode: vxlan` when you create the cluster. In a running cluster you must also change the existing IPPool.',
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
    calico:
      bpfEnabled: true
`,
    source:
      'kOps, docs/networking/calico.md (Select an Encapsulation Mode); Calico, troubleshooting of the eBPF dataplane',
    since: '0.1.0',
  },
  *check({ calico, ipipMode }) {
    if (read(calico, 'bpfEnabled') !== true || ipipMode === 'Never') return;
    const got = read(calico, 'encapsulationMode');
    yield {
      path: inCalico('encapsulationMode'),
      reason: 'FieldValueInvalid',
      problem: 'VXLAN suits the eBPF dataplane better than IP-in-IP',
      got,
      advice: 'write vxlan in a new cluster',
    };
  },
};
