import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { read } from '../../src/policy/json.ts';
import { parseJson } from '../../src/schema/parse-json.ts';
import {
  type ByteRange,
  compileWatch,
  decodeKey,
  endOfString,
  scanJson,
  type Watch,
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
    { name: 'what lies on the way', text: '{"a":5}', depth: 1, texts: {} },
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
  it('takes no more keys of one map than can be told apart', () => {
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
