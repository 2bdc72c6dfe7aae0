// Shoots whose infrastructureConfig names an existing network (a VPC, VNet, router or network) and whose pods are
// routed in it. Two CIDR ranges overlap only if one contains the other, so the ranges are sorted and each is compared
// with the enclosing one. Names of VPCs and VNets are unique only within one account.
import { type Cidr, compareCidrs, contains, parseCidr } from '../../formats/cidr.ts';
import type { FactOf } from '../../policy/fact.ts';
import { quote } from '../../policy/message.ts';
import { type BundleFinding, type BundleRule, factsOf, type LocatedFact } from '../../policy/types.ts';

interface Routed {
  readonly fact: LocatedFact<FactOf<'routed-pods'>>;
  readonly cidr: Cidr;
}

export const overlappingRoutedPods: BundleRule = {
  id: 'shoot/overlapping-routed-pods',
  title: 'Shoots without overlay in one network should have separate pod ranges',
  action: 'warn',
  docs: {
    why: "Without overlay every Shoot writes routes to its pods into the route table of the network. If two Shoots share the VPC, VNet or router and their ranges overlap, their cloud controllers overwrite each other's routes: pods of both lose connections, and the API of the cloud gets too many requests.",
    fix: 'Give each Shoot in the network its own `spec.networking.pods`, or enable the overlay in all but one of them.',
    good: `
apiVersion: core.gardener.cloud/v1beta1
kind: Shoot
metadata:
  name: one
  namespace: garden-dev
spec:
  region: eu-west-1
  provider:
    type: openstack
    infrastructureConfig:
      networks:
        router:
          id: 0d1a7a2b-5b3c-4f0e-9a5b-6f3a2c1d0e9f
    workers:
      - name: worker
        minimum: 1
        maximum: 2
  networking:
    type: calico
    nodes: 10.250.0.0/16
    pods: 10.96.0.0/16
    providerConfig:
      overlay:
        enabled: false
        createPodRoutes: true
---
apiVersion: core.gardener.cloud/v1beta1
kind: Shoot
metadata:
  name: two
  namespace: garden-dev
spec:
  region: eu-west-1
  provider:
    type: openstack
    infrastructureConfig:
      networks:
        router:
          id: 0d1a7a2b-5b3c-4f0e-9a5b-6f3a2c1d0e9f
    workers:
      - name: worker
        minimum: 1
        maximum: 2
  networking:
    type: calico
    nodes: 10.250.0.0/16
    pods: 10.97.0.0/16
    providerConfig:
      overlay:
        enabled: false
        createPodRoutes: true
`,
    bad: `
apiVersion: core.gardener.cloud/v1beta1
kind: Shoot
metadata:
  name: one
  namespace: garden-dev
spec:
  region: eu-west-1
  provider:
    type: openstack
    infrastructureConfig:
      networks:
        router:
          id: 0d1a7a2b-5b3c-4f0e-9a5b-6f3a2c1d0e9f
    workers:
      - name: worker
        minimum: 1
        maximum: 2
  networking:
    type: calico
    nodes: 10.250.0.0/16
    pods: 10.96.0.0/16
    providerConfig:
      overlay:
        enabled: false
        createPodRoutes: true
---
apiVersion: core.gardener.cloud/v1beta1
kind: Shoot
metadata:
  name: two
  namespace: garden-dev
spec:
  region: eu-west-1
  provider:
    type: openstack
    infrastructureConfig:
      networks:
        router:
          id: 0d1a7a2b-5b3c-4f0e-9a5b-6f3a2c1d0e9f
    workers:
      - name: worker
        minimum: 1
        maximum: 2
  networking:
    type: calico
    nodes: 10.250.0.0/16
    pods: 10.96.0.0/16
    providerConfig:
      overlay:
        enabled: false
        createPodRoutes: true
`,
    source:
      'gardener-extension-networking-calico, docs/usage/shoot_overlay_network.md; provider-openstack#1219 and #555; provider-gcp#1420',
    since: '0.1.0',
  },
  *check(facts) {
    const networks = new Map<string, Routed[]>();
    for (const each of factsOf(facts, 'routed-pods')) {
      const cidr = parseCidr(each.cidr);
      if (cidr === undefined) continue;
      const inNetwork = networks.get(each.network) ?? [];
      inNetwork.push({ fact: each, cidr });
      networks.set(each.network, inNetwork);
    }
    // Two shared networks are reported once.
    const reported = new Set<number>();
    for (const shoots of networks.values()) {
      for (const [shoot, other] of findOverlaps(shoots.sort(compare))) {
        const { document } = shoot.fact;
        if (reported.has(document.index)) continue;
        reported.add(document.index);
        yield describeOverlap(shoot.fact, other.fact);
      }
    }
  },
};

/** Each Shoot that overlaps another, with one that it overlaps. */
function* findOverlaps(shoots: readonly Routed[]): Generator<readonly [Routed, Routed]> {
  let open: Routed | undefined;
  for (const shoot of shoots) {
    if (open === undefined || !contains(open.cidr, shoot.cidr)) {
      open = shoot;
    } else if (nameOf(open) !== nameOf(shoot)) {
      yield [shoot, open];
      yield [open, shoot];
    }
  }
}

function describeOverlap(
  { document, path, cidr }: LocatedFact<FactOf<'routed-pods'>>,
  other: LocatedFact,
): BundleFinding {
  const name = quote(other.document.name);
  return {
    document,
    path,
    reason: 'FieldValueForbidden',
    problem: `overlaps the pods, routed in the same network, of Shoot ${name}`,
    got: cidr,
    advice: 'use another range',
  };
}

/** The same Shoot may appear twice, for example in two files. */
function nameOf({ fact: { document } }: Routed): string {
  return document.name === '' ? String(document.index) : `${document.namespace}/${document.name}`;
}

/** Equal ranges are sorted by name, so that the order of files makes no difference. */
function compare(a: Routed, b: Routed): number {
  return compareCidrs(a.cidr, b.cidr) || (nameOf(a) < nameOf(b) ? -1 : 1);
}
