import type { StatementOf } from '../../../policy/statement.ts';
import { type Said, statementsOf } from '../../../policy/types.ts';

/** The routes to pods on other nodes that somebody has to program. Those of VXLAN are always Felix's. */
export type RouteClass = 'IP-in-IP' | 'unencapsulated';

export type RoutesSaid = Said<StatementOf<'cluster-routes'>>;

const OWNED: ReadonlyMap<string, readonly RouteClass[]> = new Map([
  ['Disabled', []],
  ['EnabledIPIPOnly', ['IP-in-IP']],
  ['EnabledNoEncapOnly', ['unencapsulated']],
  ['Enabled', ['IP-in-IP', 'unencapsulated']],
]);

/** Which routes a value of programClusterRoutes gives to its side; undefined where it is no such value. */
export function ownedBy(value: string): readonly RouteClass[] | undefined {
  return OWNED.get(value);
}

/** What is said for a node: by its own configuration, or by the one for all. */
export interface RoutesPair {
  readonly felix: RoutesSaid | undefined;
  readonly bgp: RoutesSaid | undefined;
}

/**
 * The configurations that meet on a node: those of one name, and `default` for what they leave open. Where two documents
 * of one name say different things they are of different clusters, and nothing follows from either.
 */
export function pairRoutes(said: readonly Said[]): RoutesPair[] {
  const felix = new Map<string, RoutesSaid | undefined>();
  const bgp = new Map<string, RoutesSaid | undefined>();
  for (const each of statementsOf(said, 'cluster-routes')) {
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

/** Which classes there are pools of; all of them where the documents do not show the pools. */
export function classesInUse(said: readonly Said[]): readonly RouteClass[] {
  const pools = statementsOf(said, 'ip-pool');
  const others = statementsOf(said, 'pool').some(({ by }) => by !== 'ippool');
  if (pools.length === 0 || others) return ['IP-in-IP', 'unencapsulated'];
  const classes: RouteClass[] = [];
  if (pools.some(({ encapsulation }) => encapsulation === 'ipip')) classes.push('IP-in-IP');
  if (pools.some(({ encapsulation }) => encapsulation === 'none')) classes.push('unencapsulated');
  return classes;
}

/** What is wrong where both sides program a class of routes, or neither does one that is in use. */
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

/** The value that leaves the other side what this one does not program. */
export function complementOf(owned: readonly RouteClass[]): string {
  const [ipip, plain] = [owned.includes('IP-in-IP'), owned.includes('unencapsulated')];
  if (ipip && plain) return 'Disabled';
  if (ipip) return 'EnabledNoEncapOnly';
  return plain ? 'EnabledIPIPOnly' : 'Enabled';
}
