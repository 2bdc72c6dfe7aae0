import type { FactOf } from '../../../policy/fact.ts';
import { factsOf, type LocatedFact } from '../../../policy/types.ts';

/** The routes to pods on other nodes that Felix or BIRD must program. Felix always programs those of VXLAN. */
export type RouteClass = 'IP-in-IP' | 'unencapsulated';

export type ClusterRoutesFact = LocatedFact<FactOf<'cluster-routes'>>;

const OWNED: ReadonlyMap<string, readonly RouteClass[]> = new Map([
  ['Disabled', []],
  ['EnabledIPIPOnly', ['IP-in-IP']],
  ['EnabledNoEncapOnly', ['unencapsulated']],
  ['Enabled', ['IP-in-IP', 'unencapsulated']],
]);

/** The routes that a value of programClusterRoutes assigns to its side; undefined for any other value. */
export function ownedBy(value: string): readonly RouteClass[] | undefined {
  return OWNED.get(value);
}

/** The setting for a node: from its own configuration, or from the one for all nodes. */
export interface RoutesPair {
  readonly felix: ClusterRoutesFact | undefined;
  readonly bgp: ClusterRoutesFact | undefined;
}

/**
 * The configurations that meet on a node: those of one name, and `default` for what they leave open. Where two documents
 * of one name differ, they belong to different clusters, and nothing follows from either.
 */
export function pairRoutes(facts: readonly LocatedFact[]): RoutesPair[] {
  const felix = new Map<string, ClusterRoutesFact | undefined>();
  const bgp = new Map<string, ClusterRoutesFact | undefined>();
  for (const each of factsOf(facts, 'cluster-routes')) {
    const side = each.by === 'felix' ? felix : bgp;
    const { name } = each.document;
    const known = side.get(name);
    const isContradicted = side.has(name) && known?.value !== each.value;
    side.set(name, isContradicted ? undefined : (known ?? each));
  }
  return [...new Set([...felix.keys(), ...bgp.keys()])].map((name) => ({
    felix: felix.has(name) ? felix.get(name) : felix.get('default'),
    bgp: bgp.has(name) ? bgp.get(name) : bgp.get('default'),
  }));
}

/** The route classes that the pools use; all of them where the documents do not show the pools. */
export function classesInUse(facts: readonly LocatedFact[]): readonly RouteClass[] {
  const pools = factsOf(facts, 'ip-pool');
  const others = factsOf(facts, 'pool').some(({ by }) => by !== 'ippool');
  if (pools.length === 0 || others) return ['IP-in-IP', 'unencapsulated'];
  const classes: RouteClass[] = [];
  if (pools.some(({ encapsulation }) => encapsulation === 'ipip')) classes.push('IP-in-IP');
  if (pools.some(({ encapsulation }) => encapsulation === 'none')) classes.push('unencapsulated');
  return classes;
}

/** The problem if both sides program a route class, or if neither programs one that is in use. */
export function findClash(
  felix: readonly RouteClass[],
  bgp: readonly RouteClass[],
  inUse: readonly RouteClass[],
): string | undefined {
  const both = felix.find((each) => bgp.includes(each));
  if (both !== undefined) return `both Felix and BIRD program ${both} routes`;
  const neither = inUse.find((each) => !felix.includes(each) && !bgp.includes(each));
  return neither && `neither Felix nor BIRD programs ${neither} routes`;
}

/** The value for the other side, so that it programs what this side does not. */
export function complementOf(owned: readonly RouteClass[]): string {
  const [ipip, plain] = [owned.includes('IP-in-IP'), owned.includes('unencapsulated')];
  if (ipip && plain) return 'Disabled';
  if (ipip) return 'EnabledNoEncapOnly';
  return plain ? 'EnabledIPIPOnly' : 'Enabled';
}
