// In the modes CrossSubnet (the default of kOps) and Never, packets inside a subnet have addresses of pods. EC2 drops
// them unless the source/destination check of the instances is off; the default of awsSrcDstCheck, Disable, disables
// it.
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { inCalico, wordOf } from './shared/calico-field.ts';

const KEEPS_CHECK: readonly unknown[] = ['Enable', 'DoNothing'];
const UNWRAPPED = ['CrossSubnet', 'Never'];

export const crossSubnetOnAws: Rule<KopsClusterInput> = {
  id: 'kops/cross-subnet-on-aws',
  title: 'cross-subnet encapsulation on AWS should be used without the source/destination check',
  action: 'warn',
  docs: {
    why: 'EC2 drops the packets of pods between nodes of the same subnet, because their addresses are not those of the instances.',
    fix: 'Remove `awsSrcDstCheck` or write `Disable`; or set `ipipMode` or `vxlanMode` to `Always`. `DoNothing` is only fine if something else has disabled the check.',
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
      awsSrcDstCheck: Enable
      ipipMode: Always
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
      awsSrcDstCheck: Enable
`,
    source: 'kOps, docs/networking/calico.md (Configure Cross-Subnet mode); Calico, documentation of AWS',
    since: '0.1.0',
  },
  *check(input) {
    const value = wordOf(input, 'awsSrcDstCheck');
    if (value === undefined || !KEEPS_CHECK.includes(value) || input.cloud !== 'aws' || input.isIpv6) return;
    const mode = { ipip: input.ipipMode, vxlan: input.vxlanMode }[input.encapsulation];
    if (mode === undefined || !UNWRAPPED.includes(mode)) return;
    yield {
      path: inCalico('awsSrcDstCheck'),
      reason: 'FieldValueInvalid',
      problem: `AWS drops packets of pods in the mode ${mode}`,
      got: value,
      advice: 'write Disable, or use the mode Always',
    };
  },
};
