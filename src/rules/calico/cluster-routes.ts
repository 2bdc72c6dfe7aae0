// Either Felix or BIRD programs the routes to pods on other nodes, for each kind of pool: programClusterRoutes says
// which, once in FelixConfiguration and once in BGPConfiguration. If both program the same routes, the routes flap; if
// neither does, pods on other nodes cannot be reached. Evaluated only if both are set, because the defaults changed
// with Calico 3.33.
import type { BundleFinding, BundleRule, LocatedFact } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import {
  classesInUse,
  complementOf,
  findClash,
  ownedBy,
  pairRoutes,
} from './shared/cluster-routes-owners.ts';

export const clusterRoutes: BundleRule = {
  id: 'calico/cluster-routes',
  title: 'Felix and BIRD must not program the same routes, or leave routes out',
  action: 'deny',
  docs: {
    why: '`programClusterRoutes` of FelixConfiguration and of BGPConfiguration must complement each other. Routes that both program flap. Routes that neither programs are missing, and pods on other nodes cannot be reached. Calico itself does not check this.',
    fix: 'Write one of these pairs (Felix, BGP): `EnabledIPIPOnly` and `EnabledNoEncapOnly`, `Enabled` and `Disabled`, `Disabled` and `Enabled`. With the Tigera operator set `clusterRoutingMode` of the Installation instead.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  programClusterRoutes: Enabled
---
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  programClusterRoutes: Disabled
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  programClusterRoutes: Enabled
---
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  programClusterRoutes: Enabled
`,
    source: 'Calico, design of the programming of cluster routes; projectcalico/calico#13470',
    since: '0.1.0',
  },
  *check(facts) {
    for (const group of groupByCluster(facts)) yield* findClashes(group);
  },
};

function* findClashes(facts: readonly LocatedFact[]): Generator<BundleFinding> {
  const inUse = classesInUse(facts);
  const reported = new Set<unknown>();
  for (const { felix, bgp } of pairRoutes(facts)) {
    if (felix === undefined || bgp === undefined) continue;
    const [ours, theirs] = [ownedBy(felix.value), ownedBy(bgp.value)];
    if (ours === undefined || theirs === undefined) continue;
    const problem = findClash(ours, theirs, inUse);
    if (problem === undefined) continue;
    for (const [side, other, fit] of [
      [felix, bgp, complementOf(theirs)],
      [bgp, felix, complementOf(ours)],
    ] as const) {
      if (reported.has(side.document)) continue;
      reported.add(side.document);
      const who = side === felix ? 'BGPConfiguration' : 'FelixConfiguration';
      yield {
        document: side.document,
        path: side.path,
        reason: 'FieldValueInvalid',
        problem,
        got: side.value,
        advice: `write ${fit} here, or change the ${who} (${other.value})`,
      };
    }
  }
}
