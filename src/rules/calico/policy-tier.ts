// This rule checks that the tier of a policy exists. If it does not exist, the policy comes after those of all existing
// tiers.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { findMissingNames } from './shared/missing-name.ts';

/** The tiers that Calico and the Tigera operator create themselves, in all releases. */
const BUILT_IN: readonly string[] = [
  'default',
  'kube-admin',
  'kube-baseline',
  'adminnetworkpolicy',
  'baselineadminnetworkpolicy',
  'allow-tigera',
  'calico-system',
];

export const policyTier: BundleRule = {
  id: 'calico/policy-tier',
  title: 'the tier of a policy should exist',
  action: 'warn',
  docs: {
    why: "Calico's API server and `calicoctl` reject a policy whose tier does not exist. With CRDs it is stored, and comes after the policies of all tiers: traffic that it should deny may already be allowed. It is reported where the files have other Tiers, but not this one.",
    fix: 'Write the name of a Tier, or add the Tier.',
    good: `
apiVersion: projectcalico.org/v3
kind: Tier
metadata:
  name: security
spec:
  order: 100
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: security.quarantine
spec:
  tier: security
  selector: has(quarantine)
  types: [Ingress, Egress]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: Tier
metadata:
  name: security
spec:
  order: 100
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: security.quarantine
spec:
  tier: securty
  selector: has(quarantine)
  types: [Ingress, Egress]
`,
    source: 'Calico, libcalico-go clientv3 (policies); Felix (policy_sorter.go)',
    since: '0.1.0',
  },
  *check(facts, _options, { isWhole }) {
    // A tier that is not among the files may exist elsewhere.
    if (!isWhole) return;
    for (const group of groupByCluster(facts)) {
      const tiers = factsOf(group, 'tier').map(({ document }) => document.name);
      // If the files have no tier of their own, all of them may exist elsewhere.
      if (tiers.every((tier) => BUILT_IN.includes(tier))) continue;
      const used = factsOf(group, 'tiered-policy')
        .filter(({ tier }) => !BUILT_IN.includes(tier))
        .map(({ tier, ...place }) => ({ ...place, name: tier }));
      yield* findMissingNames('Tier', tiers, used);
    }
  },
};
