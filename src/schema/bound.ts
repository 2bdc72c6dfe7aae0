import type { FieldPath } from '../policy/field-path.ts';
import { isMap, readMap } from '../policy/json.ts';
import { once } from '../policy/once.ts';
import type { ShortenedList } from '../policy/types.ts';
import type { JsonSchema } from './json-schema.ts';
import { resolveReference } from './narrow.ts';

/** Limit of the maps in one list that rules read: many rules read each map. */
export const MAX_MAPS = 1000;
/**
 * Limit of the items of all lists of an object, because lists may be nested. Beyond it, rules read one item of each
 * list.
 */
export const MAX_ITEMS = 10_000;

/** A value whose known lists are limited in length, and the lists that were shortened. */
export interface Bounded {
  readonly value: unknown;
  readonly shortened: readonly ShortenedList[];
}

export type Bound = (value: unknown) => Bounded;

/** The lists in a schema. Paths without a list are left out, so that they are never walked. */
interface BoundedPlace {
  readonly properties: readonly (readonly [name: string, place: BoundedPlace])[];
  /** For properties that the schema does not name. */
  readonly others: BoundedPlace | undefined;
  /** Undefined where it is no list. */
  readonly items: BoundedPlace | undefined;
  /** Limit of its items. */
  readonly most: number;
}

/**
 * The cost of a review depends on the length of the lists that rules read, and no list that people write comes near
 * the limits. Lists that no schema has stay as they are, because no rule reads them.
 */
export function compileBound(schema: JsonSchema, references: readonly JsonSchema[] = []): Bound {
  // Not before the first object: a command that starts knows all kinds, and evaluates few of them.
  const lists = once(() => findLists(schema, references) ?? NO_LISTS);
  return (value) => {
    const walk: Walk = { left: MAX_ITEMS, shortened: [] };
    return { value: boundAt(value, lists(), [], walk), shortened: walk.shortened };
  };
}

interface Walk {
  left: number;
  readonly shortened: ShortenedList[];
}

function findLists(schema: JsonSchema, references: readonly JsonSchema[]): BoundedPlace | undefined {
  const own = resolveReference(schema, references);
  const properties = Object.entries(readMap(own, 'properties') ?? {}).flatMap(([name, below]) => {
    const place = isMap(below) ? findLists(below, references) : undefined;
    return place === undefined ? [] : [[name, place] as const];
  });
  const others = own['additionalProperties'];
  const otherPlace = isMap(others) ? findLists(others, references) : undefined;
  const isList = [own['type']].flat().includes('array');
  if (properties.length === 0 && otherPlace === undefined && !isList) return undefined;
  const item = resolveReference(readMap(own, 'items') ?? {}, references);
  const most = [item['type']].flat().includes('object') ? MAX_MAPS : MAX_ITEMS;
  const items = isList ? (findLists(item, references) ?? NO_LISTS) : undefined;
  return { properties, others: otherPlace, items, most };
}

const NO_LISTS: BoundedPlace = { properties: [], others: undefined, items: undefined, most: MAX_ITEMS };

/** The value itself where no list in it is too long. */
function boundAt(value: unknown, place: BoundedPlace, path: FieldPath, walk: Walk): unknown {
  if (Array.isArray(value)) return boundList(value, place, path, walk);
  if (!isMap(value)) return value;
  let copy: Record<string, unknown> | undefined;
  const boundKey = (key: string, below: BoundedPlace): void => {
    if (!Object.hasOwn(value, key)) return;
    const bounded = boundAt(value[key], below, [...path, key], walk);
    if (bounded === value[key]) return;
    // A map without a prototype, because `__proto__` is a key like any other.
    copy ??= Object.assign(Object.create(null) as Record<string, unknown>, value);
    copy[key] = bounded;
  };
  for (const [name, below] of place.properties) boundKey(name, below);
  if (place.others !== undefined) {
    const known = new Set(place.properties.map(([name]) => name));
    for (const key of Object.keys(value)) if (!known.has(key)) boundKey(key, place.others);
  }
  return copy ?? value;
}

function boundList(
  list: readonly unknown[],
  place: BoundedPlace,
  path: FieldPath,
  walk: Walk,
): readonly unknown[] {
  const { items, most } = place;
  if (items === undefined) return list;
  // At least one item, because an empty list means something else: for example, a Shoot without workers has no
  // network.
  const kept = Math.min(list.length, most, Math.max(walk.left, 1));
  walk.left = Math.max(walk.left - kept, 0);
  if (kept < list.length) walk.shortened.push({ path, length: list.length, kept });
  const seen = kept < list.length ? list.slice(0, kept) : list;
  if (items === NO_LISTS) return seen;
  const bounded = seen.map((item, index) => boundAt(item, items, [...path, index], walk));
  return bounded.every((item, index) => item === seen[index]) ? seen : bounded;
}
