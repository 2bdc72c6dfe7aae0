// crossSubnet (since kOps 1.22) and majorVersion (since 1.20) can still be decoded in v1alpha2 and have no effect.
// kOps is meant to warn about crossSubnet, but does not. v1alpha3 has neither.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { inCalico } from './shared/calico-field.ts';

const FIELDS = [
  { name: 'crossSubnet', advice: 'remove it, and use ipipMode or vxlanMode' },
  { name: 'majorVersion', advice: 'remove it' },
];

export const deprecatedField: Rule<KopsClusterInput> = {
  id: 'kops/deprecated-field',
  title: 'fields that kOps has removed should not be used',
  action: 'warn',
  docs: {
    why: 'The field no longer has any effect, and v1alpha3 does not have it.',
    fix: 'Remove it. Cross-subnet encapsulation is the default since kOps 1.22; `ipipMode`, `vxlanMode` and `awsSrcDstCheck` adjust it.',
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
      awsSrcDstCheck: Disable
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
      crossSubnet: true
`,
    source: 'kOps, CalicoNetworkingSpec',
    since: '0.1.0',
  },
  *check({ calico, version }) {
    if (version !== 'v1alpha2') return;
    for (const { name, advice } of FIELDS) {
      const value = read(calico, name);
      if (isUnset(value)) continue;
      yield {
        path: inCalico(name),
        reason: 'FieldValueInvalid',
        problem: 'deprecated, and has no effect',
        got: value,
        advice,
      };
    }
  },
};
