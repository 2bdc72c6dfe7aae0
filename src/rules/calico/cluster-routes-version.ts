// What programClusterRoutes means if it is set only on one side depends on the release of Calico, because the defaults
// changed with 3.33. Before, BIRD programmed all routes; since then Felix programs the routes of IP-in-IP. Two of the
// four values exist only since 3.33. BIRD with IP-in-IP is deprecated since 3.33 and removed in 3.35. The release is
// known if a manifest of calico-node is evaluated together with the configurations.
import { isBelow, type Version } from '../../formats/version.ts';
import { type BundleFinding, type BundleRule, factsOf, type LocatedFact } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import {
  type ClusterRoutesFact,
  classesInUse,
  complementOf,
  findClash,
  ownedBy,
  pairRoutes,
  type RouteClass,
} from './shared/cluster-routes-owners.ts';

const NEW_VALUES: readonly string[] = ['EnabledIPIPOnly', 'EnabledNoEncapOnly'];

export const clusterRoutesVersion: BundleRule = {
  id: 'calico/cluster-routes-version',
  title: 'programClusterRoutes should fit the release of Calico',
  action: 'warn',
  docs: {
    why: 'If `programClusterRoutes` is set only on one side, the default of the other side applies, which changed with Calico 3.33. Older releases do not have `EnabledIPIPOnly` and `EnabledNoEncapOnly`. Since 3.33 BIRD with IP-in-IP is deprecated, and from 3.35 on it does not exist.',
    fix: 'Write both sides: up to Calico 3.32 `Disabled` in FelixConfiguration and `Enabled` in BGPConfiguration; since 3.33 `EnabledIPIPOnly` and `EnabledNoEncapOnly`.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  programClusterRoutes: Disabled
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: calico-node
  namespace: kube-system
spec:
  template:
    spec:
      containers:
      - name: calico-node
        image: quay.io/calico/node:v3.32.0
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  programClusterRoutes: Enabled
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: calico-node
  namespace: kube-system
spec:
  template:
    spec:
      containers:
      - name: calico-node
        image: quay.io/calico/node:v3.32.0
`,
    source: 'Calico, design of the programming of cluster routes; projectcalico/calico#13470',
    since: '0.1.0',
  },
  *check(facts) {
    for (const group of groupByCluster(facts)) yield* evaluateCluster(group);
  },
};

function* evaluateCluster(facts: readonly LocatedFact[]): Generator<BundleFinding> {
  const version = findVersion(facts);
  if (version === undefined) return;
  const name = `Calico ${version.major}.${version.minor}`;
  const isOld = isBelow(version, 3, 33);
  const inUse = classesInUse(facts);
  const reported = new Set<unknown>();
  for (const { felix, bgp } of pairRoutes(facts)) {
    for (const side of [felix, bgp]) {
      if (side === undefined || reported.has(side.document)) continue;
      const problem = isOld
        ? (findUnknown(side, name) ?? findDefaultClash(side, felix, bgp, inUse, version))
        : (findDefaultClash(side, felix, bgp, inUse, version) ?? findDeprecated(side, facts, name));
      if (problem === undefined) continue;
      reported.add(side.document);
      yield problem;
    }
  }
}

/** The release, if all manifests of calico-node agree. */
function findVersion(facts: readonly LocatedFact[]): Version | undefined {
  const versions = factsOf(facts, 'calico-node').map(({ version }) => version);
  const [first] = versions;
  if (first === undefined) return undefined;
  const isOne = versions.every((each) => each?.major === first.major && each.minor === first.minor);
  return isOne ? first : undefined;
}

function findUnknown(side: ClusterRoutesFact, name: string): BundleFinding | undefined {
  if (!NEW_VALUES.includes(side.value)) return undefined;
  return finding(side, `${name} does not support this value`, 'write Enabled or Disabled');
}

/** The other side is not set, and its default programs the same routes, or omits the same routes. */
function findDefaultClash(
  side: ClusterRoutesFact,
  felix: ClusterRoutesFact | undefined,
  bgp: ClusterRoutesFact | undefined,
  inUse: readonly RouteClass[],
  version: Version,
): BundleFinding | undefined {
  // Before 3.32 BIRD has no such field.
  if ((felix !== undefined && bgp !== undefined) || isBelow(version, 3, 32)) return undefined;
  const isOld = isBelow(version, 3, 33);
  const standard =
    side === felix ? (isOld ? 'Enabled' : 'EnabledNoEncapOnly') : isOld ? 'Disabled' : 'EnabledIPIPOnly';
  const [ours, theirs] = [ownedBy(side.value), ownedBy(standard)];
  if (ours === undefined || theirs === undefined) return undefined;
  const problem = findClash(ours, theirs, inUse);
  if (problem === undefined) return undefined;
  const other = side === felix ? 'BGPConfiguration' : 'FelixConfiguration';
  return finding(side, problem, `write ${complementOf(ours)} in ${other}, whose default is ${standard}`);
}

function findDeprecated(
  side: ClusterRoutesFact,
  facts: readonly LocatedFact[],
  name: string,
): BundleFinding | undefined {
  if (side.by !== 'bgp' || ownedBy(side.value)?.includes('IP-in-IP') !== true) return undefined;
  const hasIpip = factsOf(facts, 'pool').some(({ encapsulation }) => encapsulation === 'ipip');
  if (!hasIpip) return undefined;
  const problem = `IP-in-IP by BIRD is deprecated in ${name} and removed in 3.35`;
  return finding(side, problem, 'write EnabledNoEncapOnly, and EnabledIPIPOnly for Felix');
}

function finding(side: ClusterRoutesFact, problem: string, advice: string): BundleFinding {
  const { document, path, value: got } = side;
  return { document, path, reason: 'FieldValueInvalid', problem, got, advice };
}
