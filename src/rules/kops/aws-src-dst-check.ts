// What Calico does with the source/destination check of EC2 instances. kOps takes three words, exactly as they are
// written in Calico's API, and on IPv6 only DoNothing, because Calico cannot switch the check off there.

import kopsCalico from '../../kinds/kops-calico.json' with { type: 'json' };
import type { Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { inCalico, wordOf } from './shared/calico-field.ts';

export const awsSrcDstCheck: Rule<KopsClusterInput> = {
  id: 'kops/aws-src-dst-check',
  title: 'awsSrcDstCheck is a word that kOps takes',
  action: 'deny',
  docs: {
    why: 'kOps rejects the Cluster.',
    fix: 'Remove it (the default is `Disable` on IPv4), or write `Disable`, `Enable` or `DoNothing`; on IPv6 only `DoNothing`.',
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
      awsSrcDstCheck: disable
`,
    source: 'kOps, validateNetworkingCalico',
    since: '0.1.0',
  },
  *check(input) {
    const value = wordOf(input, 'awsSrcDstCheck');
    const path = inCalico('awsSrcDstCheck');
    if (value !== undefined && input.isIpv6 && value !== 'DoNothing') {
      yield {
        path,
        reason: 'FieldValueForbidden',
        problem: 'IPv6 clusters take only DoNothing',
        got: value,
        advice: 'remove it or write DoNothing',
      };
      return;
    }
    const allowed = wordsAt(kopsCalico, 'awsSrcDstCheck');
    yield* checkAllowedValue({ path, value, problem: 'not a way to treat the check', allowed });
  },
};
