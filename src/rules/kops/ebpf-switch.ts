// A switch to or from the eBPF dataplane in a running cluster: connections through Services break on every node that
// switches, and while nodes differ some Services cannot be reached. kOps does not coordinate it.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { inCalico } from './shared/calico-field.ts';

export const ebpfSwitch: Rule<KopsClusterInput> = {
  id: 'kops/ebpf-switch',
  title: 'the dataplane of a running cluster should only change on purpose',
  action: 'warn',
  docs: {
    why: 'Changing `bpfEnabled` in a running cluster interrupts traffic: connections break while nodes switch one after the other, and kOps cannot coordinate it.',
    fix: 'Plan a maintenance window, or move to a new cluster.',
    good: `
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
      encapsulationMode: vxlan
      typhaReplicas: 3
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
      encapsulationMode: vxlan
`,
    old: `
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
      encapsulationMode: vxlan
`,
    source: 'kOps, docs/networking/calico.md (Transitioning to or from the eBPF dataplane)',
    since: '0.1.0',
  },
  *check({ calico, old }) {
    if (old === undefined) return;
    const value = read(calico, 'bpfEnabled');
    if ((value === true) === (read(old.calico, 'bpfEnabled') === true)) return;
    yield {
      path: inCalico('bpfEnabled'),
      reason: 'FieldValueInvalid',
      problem: 'this change breaks connections in a running cluster',
      got: value,
      advice: 'plan an interruption, because kOps cannot coordinate it',
    };
  },
};
