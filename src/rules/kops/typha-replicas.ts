// This rule checks the number of Typha pods. 0 means no Typha; kOps rejects a negative number.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { inCalico } from './shared/calico-field.ts';

export const typhaReplicas: Rule<KopsClusterInput> = {
  id: 'kops/typha-replicas',
  title: 'the number of Typha pods must be 0 or more',
  action: 'deny',
  docs: {
    why: 'kOps rejects the Cluster.',
    fix: 'Write 0 or remove it for no Typha, or a number such as 3.',
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
  networking:
    calico:
      typhaReplicas: -1
`,
    source: 'kOps, validateNetworkingCalico',
    since: '0.1.0',
  },
  *check({ calico }) {
    const value = read(calico, 'typhaReplicas');
    if (typeof value !== 'number' || value >= 0) return;
    yield {
      path: inCalico('typhaReplicas'),
      reason: 'FieldValueInvalid',
      problem: 'the number of pods cannot be negative',
      got: value,
      advice: 'write 0 for no Typha, or a number such as 3',
    };
  },
};
