import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMap, read } from '../../src/policy/json.ts';
import { parseJson } from '../../src/schema/parse-json.ts';
import {
  type ByteRange,
  compileWatch,
  decodeKey,
  EACH,
  endOfString,
  MAX_UNREAD,
  scanJson,
  TWIN,
  UNREAD,
  type Watch,
  WHOLE,
} from '../../src/schema/scan.ts';
import { print, valueIn, type Written, whiteSpace, written } from './json-text.ts';

const WATCHED_TREE: Watch = { a: { b: 'a.b', c: { d: 'a.c.d' }, f: true }, e: 'e', ö: 'ö' };
const WATCH = compileWatch(WATCHED_TREE);
const WATCHED: Readonly<Record<string, readonly string[]>> = {
  'a.b': ['a', 'b'],
  'a.c.d': ['a', 'c', 'd'],
  e: ['e'],
  ö: ['ö'],
};

function scan(text: string) {
  const bytes = Buffer.from(text);
  const { isTooDeep, ranges } = scanJson(bytes, WATCH, 1000);
  expect(isTooDeep).toBe(false);
  const texts = Object.fromEntries(
    [...ranges].map(([name, { start, end }]) => [name, bytes.subarray(start, end).toString().trim()]),
  );
  return { texts, ranges };
}

/** The least limit that the text keeps to. */
function depthIn(text: string): number {
  const bytes = Buffer.from(text);
  let limit = 0;
  while (scanJson(bytes, WATCH, limit).isTooDeep) limit += 1;
  return limit;
}

describe('scanJson', () => {
  it.each([
    { name: 'nothing', text: '', depth: 0, texts: {} },
    { name: 'a scalar', text: '5', depth: 0, texts: {} },
    { name: 'an empty map', text: '{}', depth: 1, texts: {} },
    { name: 'maps', text: '{"a":{"b":{"x":[1]}},"e":{}}', depth: 4, texts: { 'a.b': '{"x":[1]}', e: '{}' } },
    { name: 'a list', text: '{"e":[1,{"b":2}]}', depth: 3, texts: { e: '[1,{"b":2}]' } },
    { name: 'a scalar in the middle', text: '{"e":5,"x":1}', depth: 1, texts: { e: '5' } },
    { name: 'a scalar at the end', text: '{"e": null }', depth: 1, texts: { e: 'null' } },
    { name: 'a string', text: '{"e":"{\\"a\\":,"}', depth: 1, texts: { e: '"{\\"a\\":,"' } },
    {
      name: 'a string with the name of a key',
      text: '{"x":"e","y":{"e":1},"z":["e",1]}',
      depth: 2,
      texts: {},
    },
    { name: 'a name at another level', text: '{"b":1,"a":{"e":2,"a":{"b":3}}}', depth: 3, texts: {} },
    { name: 'a name in a list', text: '[{"e":1}]', depth: 2, texts: {} },
    { name: 'a name in a list on the way', text: '{"a":[{"b":1}]}', depth: 3, texts: {} },
    { name: 'a value on the path', text: '{"a":5}', depth: 1, texts: {} },
    { name: 'after a list', text: '{"x":[[]],"e":1}', depth: 3, texts: { e: '1' } },
    { name: 'after a map', text: '{"a":{"c":{"y":1},"b":2},"e":1}', depth: 3, texts: { 'a.b': '2', e: '1' } },
    { name: 'an escaped name', text: '{"\\u0061":{"\\u0062":1}}', depth: 2, texts: { 'a.b': '1' } },
    { name: 'a name of two bytes', text: '{"ö":1}', depth: 1, texts: { ö: '1' } },
    { name: 'a name that ends with an escape', text: '{"e\\\\":1,"e\\"":2}', depth: 1, texts: {} },
    {
      name: 'an inherited name',
      text: '{"constructor":{"name":1},"__proto__":{"e":1}}',
      depth: 2,
      texts: {},
    },
    {
      name: 'another name twice',
      text: '{"x":1,"x":{},"y":{"e":1,"e":1},"e":1}',
      depth: 2,
      texts: { e: '1' },
    },
    {
      name: 'a name twice, each in a map of its own',
      text: '{"x":[{"e":1},{"e":2}],"e":3}',
      depth: 3,
      texts: { e: '3' },
    },
    { name: 'a value after its map is over', text: '{"e":1}}', depth: 1, texts: { e: '1' } },
  ])('$name', ({ text, depth, texts }) => {
    expect(depthIn(text)).toBe(depth);
    expect(scan(text).texts).toEqual(texts);
  });

  it.each([
    { name: 'a name', text: '{"e":1,"e":[2]}', repeated: ['e'] },
    { name: 'a name with a map first', text: '{"e":{"x":1},"x":1,"e":2}', repeated: ['e'] },
    { name: 'another spelling', text: '{"e":1,"\\u0065":2}', repeated: ['e'] },
    { name: 'one whose value is not wanted', text: '{"a":{"f":1,"f":1}}', repeated: ['a', 'f'] },
    { name: 'a parent', text: '{"a":{"b":1},"a":{}}', repeated: ['a'] },
    { name: 'a parent, then a scalar', text: '{"e":0,"a":{"b":1,"c":{"d":1}},"a":1}', repeated: ['a'] },
    { name: 'a parent within', text: '{"a":{"b":1,"c":{"d":1},"c":{}}}', repeated: ['a', 'c'] },
    { name: 'one of two', text: '{"a":{"c":{"d":1,"d":2}},"a":{}}', repeated: ['a', 'c', 'd'] },
  ])('finds what is written twice: $name', ({ text, repeated }) => {
    expect(scanJson(Buffer.from(text), WATCH, 1000)).toMatchObject({ isTooDeep: false, repeated });
  });

  it('finds where a reader of the text finds the watched values', () => {
    const value = written(['a', 'b', 'c', 'd', 'e', 'ö', 'x', '__proto__', 'constructor']);
    fc.assert(
      fc.property(value, whiteSpace, (tree, space) => {
        const text = `${space}${print(tree, space)}${space}`;
        const parsed = valueIn(tree);
        const repeated = firstRepeated(tree, WATCHED_TREE);
        expect(scanJson(Buffer.from(text), WATCH, 1000).repeated).toEqual(repeated);
        if (repeated !== undefined) return;
        const { texts } = scan(text);
        expect(depthIn(text)).toBe(depthOf(tree));
        const values = Object.entries(WATCHED).map(([name, path]) => [name, read(parsed, ...path)] as const);
        const expected = values.filter(([, each]) => each !== undefined);
        const found = Object.entries(texts).map(([name, each]) => [name, parseJson(each)]);
        expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 500 },
    );
  });
});

/** In the order of the text. */
function firstRepeated(tree: Written, watch: Watch): string[] | undefined {
  const seen = new Set<string>();
  for (const [{ name }, item] of tree.type === 'map' ? tree.entries : []) {
    if (!Object.hasOwn(watch, name)) continue;
    if (seen.has(name)) return [name];
    seen.add(name);
    const below = watch[name];
    const inner = typeof below === 'object' ? firstRepeated(item, below) : undefined;
    if (inner !== undefined) return [name, ...inner];
  }
  return undefined;
}

function depthOf(tree: Written): number {
  if (tree.type === 'scalar') return 0;
  const below = tree.type === 'list' ? tree.items : tree.entries.map(([, item]) => item);
  return 1 + Math.max(0, ...below.map(depthOf));
}

/** What `one` and `two` do not read, in a map and in the items of a list; `e` may be a copy of `a`. */
function unreadIn(prefix: string): Watch {
  const b = {
    [EACH]: {
      [UNREAD]: new Map([
        ['c', 'one'],
        ['d', 'one'],
      ]),
    },
  };
  const unread = new Map([
    ['c', 'one'],
    ['d', 'one'],
    ['x', 'two'],
  ]);
  return { b, f: `${prefix} f`, x: true, [UNREAD]: unread, [WHOLE]: prefix };
}
const APART: Watch = { a: unreadIn('a'), e: unreadIn('e') };
const TWINS: Watch = {
  ...APART,
  e: { ...unreadIn('e'), [TWIN]: { of: 'a', prefix: 'a', ownPrefix: 'e' } },
};

function unreadOf(text: string, watch: Watch = APART) {
  const bytes = Buffer.from(text);
  return scanJson(bytes, compileWatch(watch), 100).unread.map(({ start, end, by, key }) => {
    return `${by} ${key}: ${bytes.subarray(start, end)}`;
  });
}

describe('what is not read', () => {
  it.each([
    { name: 'a value', text: '{"a":{"c":{"z":1},"z":2}}', unread: ['one c: {"z":1}'] },
    {
      name: 'several that follow each other',
      text: '{"a":{"c":1 , "d" : 2,"z":3}}',
      unread: ['one c: 1 , "d" : 2'],
    },
    {
      name: 'one by one where something is between',
      text: '{"a":{"c":1,"z":2,"d":3}}',
      unread: ['one c: 1', 'one d: 3'],
    },
    {
      name: 'of two readers',
      text: '{"a":{"c":1,"x":2,"d":3}}',
      unread: ['one c: 1', 'two x: 2', 'one d: 3'],
    },
    { name: 'a key twice', text: '{"a":{"c":1,"c":2}}', unread: ['one c: 1,"c":2'] },
    { name: 'an escaped key', text: '{"a":{"\\u0063":"}"}}', unread: ['one c: "}"'] },
    {
      name: 'in each item',
      text: '{"a":{"b":[{"c":1,"z":2},3,[{"c":4}],{"z":{"c":5},"d":6}]}}',
      unread: ['one c: 1', 'one d: 6'],
    },
    { name: 'nothing in a map in the place of the list', text: '{"a":{"b":{"c":1}}}', unread: [] },
    { name: 'nothing in a list in the place of the map', text: '{"a":[{"c":1}]}', unread: [] },
    { name: 'nothing elsewhere', text: '{"c":1,"z":{"c":1},"b":[{"c":2}]}', unread: [] },
  ])('$name', ({ text, unread }) => {
    expect(unreadOf(text)).toEqual(unread);
  });

  it('may be watched as well', () => {
    const text = '{"a":{"x":1,"x":2}}';
    expect(scanJson(Buffer.from(text), compileWatch(APART), 9).repeated).toEqual(['a', 'x']);
  });

  it('is nothing where there is too much of it', () => {
    const items = (count: number) => `{"a":{"b":[${Array(count).fill('{"c":1}').join(',')}]}}`;
    expect(unreadOf(items(MAX_UNREAD - 1))).toHaveLength(MAX_UNREAD - 1);
    expect(unreadOf(items(MAX_UNREAD))).toEqual([]);
    const twice = `{"a":{"b":[${Array(MAX_UNREAD / 2)
      .fill('{"c":1}')
      .join(',')}]},`;
    expect(unreadOf(`${twice}"e":${twice.slice(5, -1)}}`, TWINS)).toEqual([]);
  });

  it('is all that is lost where null takes its place', () => {
    const value = written(['a', 'b', 'c', 'd', 'e', 'f', 'x', 'z']);
    fc.assert(
      fc.property(value, value, whiteSpace, (a, e, space) => {
        const text = `{"a":${space}${print(a, space)},"e":${print(e, space)}}`;
        const { repeated, unread } = scanJson(Buffer.from(text), compileWatch(APART), 1000);
        if (repeated !== undefined) return;
        let left = '';
        let from = 0;
        const bytes = Buffer.from(text);
        for (const { start, end } of unread.filter(({ by }) => by === 'one')) {
          left += `${bytes.subarray(from, start)}null`;
          from = end;
        }
        left += bytes.subarray(from);
        expect(withoutUnread(parseJson(left))).toEqual(withoutUnread(parseJson(text)));
      }),
      { numRuns: 500 },
    );
  });
});

/** As the reader sees it that does not read `c` and `d`. */
function withoutUnread(value: unknown): unknown {
  const drop = (map: unknown): unknown => (isMap(map) ? { ...map, c: null, d: null } : map);
  const inMap = (map: unknown): unknown => {
    const b = isMap(map) ? map['b'] : undefined;
    return isMap(map) ? { ...Object(drop(map)), b: Array.isArray(b) ? b.map(drop) : b } : map;
  };
  return { a: inMap(read(value, 'a')), e: inMap(read(value, 'e')) };
}

describe('a copy of what came before', () => {
  const copiesOf = (text: string) => [...scanJson(Buffer.from(text), compileWatch(TWINS), 100).copies];

  it.each([
    { name: 'the same bytes', text: '{"a":{"c":1},"e":{"c":1}}', copies: ['e'] },
    { name: 'with the same blanks', text: '{"a": {"c":1} ,"e": {"c":1}}', copies: ['e'] },
    { name: 'with blanks after it', text: '{"a":{"c":1},"e":{"c":1} }', copies: ['e'] },
    { name: 'other blanks', text: '{"a":{"c":1},"e": {"c":1}}', copies: [] },
    { name: 'one byte more', text: '{"a":{"c":1},"e":{"c":1,"d":2}}', copies: [] },
    { name: 'a beginning of it', text: '{"a":{"c":{"d":1}},"e":{"c":{"d":1', copies: [] },
    { name: 'the other way round', text: '{"e":{"c":1},"a":{"c":1}}', copies: [] },
    { name: 'a list', text: '{"a":[1],"e":[1]}', copies: ['e'] },
  ])('$name', ({ text, copies }) => {
    expect(copiesOf(text)).toEqual(copies);
  });

  it('shows what looking through it would show', () => {
    const value = written(['a', 'b', 'c', 'd', 'f', 'x', 'z']);
    fc.assert(
      fc.property(value, value, fc.boolean(), whiteSpace, (a, other, isSame, space) => {
        const text = `{"a":${print(a, space)},"e":${print(isSame ? a : other, space)}}${space}`;
        const apart = scanJson(Buffer.from(text), compileWatch(APART), 1000);
        const twins = scanJson(Buffer.from(text), compileWatch(TWINS), 1000);
        expect({ ...twins, copies: apart.copies }).toEqual(apart);
      }),
      { numRuns: 500 },
    );
  });
});

describe('whatever comes', () => {
  function expectWithin(bytes: Uint8Array, ranges: Iterable<ByteRange>): void {
    for (const { start, end } of ranges) {
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(bytes.length);
    }
  }

  it('an answer comes', () => {
    const signs = fc.string({
      unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'a', 'b', 'e', 'u', ' '),
      maxLength: 60,
    });
    const start = fc.constantFrom('', '{"e":', '{"a":{"b":', '{"a":{"b":"');
    fc.assert(
      fc.property(start, fc.oneof(signs, fc.string()), (first, rest) => {
        const bytes = Buffer.from(first + rest);
        expectWithin(bytes, scanJson(bytes, WATCH, 5).ranges.values());
      }),
      { numRuns: 500 },
    );
  });
});

describe('compileWatch', () => {
  it('accepts no more keys of one map than it can distinguish', () => {
    const watch = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, true]));
    expect(compileWatch({ a: watch(31) as Watch })).toHaveProperty('keys.length', 1);
    expect(() => compileWatch({ a: watch(32) as Watch })).toThrow(RangeError);
    const last = Buffer.from('{"a":{"k0":1,"k30":1,"k30":1}}');
    expect(scanJson(last, compileWatch({ a: watch(31) as Watch }), 9).repeated).toEqual(['a', 'k30']);
  });
});

describe('endOfString', () => {
  it.each([
    { text: '""', end: 2 },
    { text: '"a"b"', end: 3 },
    { text: '"a\\"b"', end: 6 },
    { text: '"a\\\\"b', end: 5 },
    { text: '"a', end: 2 },
    { text: '"a\\', end: 3 },
    { text: '"a\\"', end: 4 },
  ])('$text ends at $end', ({ text, end }) => {
    expect(endOfString(Buffer.from(text), 0)).toBe(end);
  });
});

describe('decodeKey', () => {
  it.each([
    { text: '"abc"', key: 'abc' },
    { text: '"ö😀"', key: 'ö😀' },
    { text: '""', key: '' },
    { text: '"over\\u006cay"', key: 'overlay' },
    { text: '"a\\"b"', key: 'a"b' },
    { text: '"\\ud83d"', key: '\ud83d' },
    { text: '"a\\x"', key: undefined },
    { text: '"a\\', key: undefined },
  ])('$text', ({ text, key }) => {
    const bytes = Buffer.from(`xx${text}yy`).subarray(1);
    expect(decodeKey(bytes, 1, bytes.length - 2)).toBe(key);
  });
});
