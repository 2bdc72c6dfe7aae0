// kOps does not validate nftablesMode and passes it to Felix as an environment variable, which Felix reads in any
// case. Felix logs and drops an unknown word, and chooses by itself.

import kopsCalico from '../../kinds/kops-calico.json' with { type: 'json' };
import type { Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { inCalico, wordOf } from './shared/calico-field.ts';

export const nftablesMode: Rule<KopsClusterInput> = {
  id: 'kops/nftables-mode',
  title: 'nftablesMode should be Disabled, Enabled or Auto',
  action: 'warn',
  docs: {
    why: 'kOps does not validate the word, and Felix drops an unknown one: it chooses a dataplane by itself, and only its log says so.',
    fix: 'Write `Disabled`, `Enabled` or `Auto`, or remove the field.',
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
      nftablesMode: Enabled
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
      nftablesMode: "on"
`,
    source: 'kOps, CalicoNetworkingSpec; Calico, felix/config: NFTablesMode',
    since: '0.1.0',
  },
  *check(input) {
    const value = wordOf(input, 'nftablesMode');
    const allowed = wordsAt(kopsCalico, 'nftablesMode');
    if (allowed.some((word) => word.toLowerCase() === value?.toLowerCase())) return;
    yield* checkAllowedValue({
      path: inCalico('nftablesMode'),
      value,
      problem: 'unsupported nftablesMode',
      allowed,
    });
  },
};
