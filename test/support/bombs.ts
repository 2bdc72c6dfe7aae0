import { parse } from 'yaml';
import type { Policy } from '../../src/policy/evaluate.ts';
import { isMap, type JsonObject, read, readMap } from '../../src/policy/json.ts';

// Objects that take long to evaluate, of any kind: each list of the schema is as long as possible, each string too,
// and each map has as many keys as possible. They are made from the schema and the examples of the rules, so that a
// new kind or rule is tested as well.

export interface Bomb {
  readonly name: string;
  readonly object: JsonObject;
}

/** A path. The step `*` is any item of a list. */
type Place = readonly string[];

/** A little less than the limit of a body. */
const MOST_VALUES = 140_000;
/** The length of a string: long enough to see a time that grows faster than the length. */
const LONG = 300_000;
/** A providerConfig may have 128 KiB. */
const LONG_IN_CONFIG = 120_000;
const MOST_KEYS = 20_000;

export function bombsOf(policy: Policy): Bomb[] {
  const schema = policy.target.schema?.() ?? {};
  const examples = examplesOf(policy);
  const places = [...walk(schema, [])];
  return [
    ...places.filter(({ type }) => type.includes('array')).flatMap((each) => wideLists(each, examples)),
    ...places.filter(({ type }) => type.includes('object')).flatMap((each) => wideMaps(each, examples)),
    ...longStrings(places, examples),
  ];
}

/** The examples of the kind in the documentation of its rules. The first one is good. */
function examplesOf({ target, rules }: Policy): JsonObject[] {
  const texts = [...rules.map(({ docs }) => docs.good), ...rules.map(({ docs }) => docs.bad)];
  const [api] = target.apis;
  const typed = { apiVersion: [api.group, api.versions[0]].filter(Boolean).join('/'), kind: target.kind };
  const objects = texts.map((text): unknown => parse(text, { uniqueKeys: false })).filter(isMap);
  const own = objects.filter((object) => read(object, 'kind') === target.kind);
  const usable = own.length > 0 ? own : objects.length > 0 ? objects : [{}];
  return usable.map((object) => ({ ...object, ...typed }));
}

interface Known {
  readonly place: Place;
  readonly type: readonly unknown[];
  readonly schema: JsonObject;
}

function* walk(schema: JsonObject, place: Place): Generator<Known> {
  yield { place, type: [schema['type']].flat(), schema };
  for (const [name, below] of Object.entries(readMap(schema, 'properties') ?? {})) {
    if (isMap(below)) yield* walk(below, [...place, name]);
  }
  const { items, additionalProperties } = schema;
  if (isMap(items)) yield* walk(items, [...place, '*']);
  if (isMap(additionalProperties)) yield* walk(additionalProperties, [...place, 'any']);
}

function wideLists({ place, schema }: Known, examples: readonly JsonObject[]): Bomb[] {
  const items = readMap(schema, 'items') ?? {};
  const shown = examples.flatMap((example) => valuesAt(example, [...place, '*']));
  const fillers: [string, (index: number) => unknown][] = [
    ['empty maps', () => ({})],
    ['numbers', (index) => 10_000 + index],
    ['ranges', (index) => fill(items, `10.${index >> 8}.${index & 255}.0/24`)],
    ['names', (index) => fill(items, `name-${index}`)],
    ...unique(shown).map((value): [string, () => unknown] => [
      `examples ${JSON.stringify(value)}`,
      () => value,
    ]),
  ];
  return fillers.flatMap(([what, make]) => {
    const size = countValues(make(0));
    const isInner = place.includes('*');
    const long = Array.from({ length: Math.floor(MOST_VALUES / size) }, (_, index) => make(index));
    const bombs = [
      { name: `${place.join('.')}: ${long.length} ${what}`, object: put(examples, place, long) },
    ];
    if (!isInner) return bombs;
    const side = Math.floor(Math.sqrt(MOST_VALUES / size));
    const inner = long.slice(0, side);
    return [
      ...bombs,
      {
        name: `${place.join('.')}: ${side} times ${side} ${what}`,
        object: put(examples, place, inner, side),
      },
    ];
  });
}

const KEYS = Object.fromEntries(
  Array.from({ length: MOST_KEYS }, (_, index) => [`key-${index.toString(36)}`, `10.0.0.0/${index % 40}`]),
);

function wideMaps({ place }: Known, examples: readonly JsonObject[]): Bomb[] {
  const before = valuesAt(examples[0], place)[0];
  return [
    {
      name: `${place.join('.')}: ${MOST_KEYS} keys`,
      object: put(examples, place, { ...(isMap(before) ? before : {}), ...KEYS }),
    },
  ];
}

function longStrings(places: readonly Known[], examples: readonly JsonObject[]): Bomb[] {
  const written = examples.flatMap((example) => [...stringsOf(example, example, [])]);
  const known = places
    .filter(({ type }) => type.includes('string'))
    .map(({ place }) => ({ example: examples[0] ?? {}, path: place, value: '' }));
  const seen = new Set<string>();
  return [...written, ...known].flatMap(({ example, path, value }) => {
    const name = `${path.filter((step) => !/^\d+$/.test(step)).join('.')} ${value}`;
    // The object must stay one of ours.
    if (seen.has(name) || path[0] === 'metadata' || path.length < 2) return [];
    seen.add(name);
    const fillers = value === '' ? ['a', ' ', '10.0.0.0/8,', '1:'] : [value, `${value},`];
    const size = path.includes('providerConfig') ? LONG_IN_CONFIG : LONG;
    return fillers.map((filler) => ({
      name: `${path.join('.')}: ${size} characters of ${JSON.stringify(filler)}`,
      object: put([example], path, (value + filler.repeat(size / filler.length)).slice(0, size)),
    }));
  });
}

function* stringsOf(
  example: JsonObject,
  value: unknown,
  path: Place,
): Generator<{ readonly example: JsonObject; readonly path: Place; readonly value: string }> {
  if (typeof value === 'string') yield { example, path, value: value.slice(0, 200) };
  if (Array.isArray(value)) {
    for (const [index, item] of value.slice(0, 10).entries())
      yield* stringsOf(example, item, [...path, `${index}`]);
  }
  if (!isMap(value)) return;
  for (const [key, below] of Object.entries(value)) yield* stringsOf(example, below, [...path, key]);
}

/** A value with every string of its schema. */
function fill(schema: JsonObject, text: string): unknown {
  const type = [schema['type']].flat();
  if (!type.includes('object')) return text;
  const strings = Object.entries(readMap(schema, 'properties') ?? {}).filter(([, below]) =>
    [read(below, 'type')].flat().includes('string'),
  );
  return Object.fromEntries(strings.map(([name]) => [name, text]));
}

/** The first example with a value at the path, or a new one, with the other value there. */
function put(examples: readonly JsonObject[], place: Place, value: unknown, times = 1): JsonObject {
  const example = examples.find((each) => valuesAt(each, place).length > 0) ?? examples[0] ?? {};
  const object = putAt(example, place, value, times);
  return isMap(object) ? object : {};
}

function putAt(at: unknown, [step, ...below]: Place, value: unknown, times: number): unknown {
  if (step === undefined) return value;
  if (step === '*' || Array.isArray(at)) {
    const list: unknown[] = Array.isArray(at) ? at : [];
    const index = step === '*' ? 0 : Number(step);
    const item = putAt(list[index], below, value, 1);
    const copies = Array(times).fill(item);
    return [...list.slice(0, index), ...copies, ...list.slice(index + 1)];
  }
  const map = isMap(at) ? at : {};
  return { ...map, [step]: putAt(map[step], below, value, times) };
}

function valuesAt(at: unknown, [step, ...below]: Place): unknown[] {
  if (step === undefined) return at === undefined ? [] : [at];
  if (step === '*') return Array.isArray(at) ? at.slice(0, 5).flatMap((item) => valuesAt(item, below)) : [];
  return isMap(at) && Object.hasOwn(at, step) ? valuesAt(at[step], below) : [];
}

function countValues(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + countValues(each), 1);
  if (!isMap(value)) return 1;
  return Object.values(value).reduce<number>((sum, each) => sum + countValues(each), 1);
}

function unique(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
