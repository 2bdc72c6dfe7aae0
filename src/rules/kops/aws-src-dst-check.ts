// What Calico does with the source/destination check of EC2 instances. kOps accepts three words, exactly as in the API
// of Calico, and for IPv6 only DoNothing, because Calico cannot disable the check there.

import kopsCalico from '../../kinds/kops-calico.json' with { type: 'json' };
import type { Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { inCalico, wordOf } from './shared/calico-field.ts';

export const awsSrcDstCheck: Rule<KopsClusterInput> = {
  id: 'kops/aws-src-dst-check',
  title: 'awsSrcDstCheck must be Disable, Enable or DoNothing',
  action: 'deny',
  docs: {
    why: 'kOps rejects the Cluster.',
    fix: 'Remove it (the default is `Disable` with IPv4), or write `Disable`, `Enable` or `DoNothing`; with IPv6 only `DoNothing`.',
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
        problem: 'IPv6 clusters support only DoNothing',
        got: value,
        advice: 'remove it, or write DoNothing',
      };
      return;
    }
    const allowed = wordsAt(kopsCalico, 'awsSrcDstCheck');
    yield* checkAllowedValue({ path, value, problem: 'unsupported awsSrcDstCheck', allowed });
  },
};
