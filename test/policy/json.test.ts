import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deepEqual,
  isMap,
  isUnset,
  read,
  readBoolean,
  readList,
  readMap,
  readString,
} from '../../src/policy/json.ts';

describe('isMap', () => {
  it.each([
    { name: 'a map', value: {}, expected: true },
    { name: 'a map of null prototype', value: Object.create(null), expected: true },
    { name: 'a list', value: [], expected: false },
    { name: 'null', value: null, expected: false },
    { name: 'nothing', value: undefined, expected: false },
    { name: 'a string', value: 'x', expected: false },
    { name: 'a number', value: 0, expected: false },
    { name: 'a boolean', value: true, expected: false },
  ])('$name: $expected', ({ value, expected }) => {
    expect(isMap(value)).toBe(expected);
  });
});

describe('isUnset', () => {
  it.each([
    { value: undefined, expected: true },
    { value: null, expected: true },
    { value: '', expected: false },
    { value: 0, expected: false },
    { value: false, expected: false },
    { value: {}, expected: false },
  ])('$value: $expected', ({ value, expected }) => {
    expect(isUnset(value)).toBe(expected);
  });
});

describe('read', () => {
  const object = JSON.parse('{"a":{"b":[{"c":null},"text"]},"__proto__":{"d":1},"empty":""}');
  it.each([
    { name: 'the value itself', path: [], expected: object },
    { name: 'through maps and lists', path: ['a', 'b', 1], expected: 'text' },
    { name: 'a list by the text of a number', path: ['a', 'b', '1'], expected: 'text' },
    { name: 'a null', path: ['a', 'b', 0, 'c'], expected: null },
    { name: 'below a null', path: ['a', 'b', 0, 'c', 'd'], expected: undefined },
    { name: 'below a string', path: ['a', 'b', 1, 'length'], expected: undefined },
    { name: 'past the end of a list', path: ['a', 'b', 2], expected: undefined },
    { name: 'a missing key', path: ['x', 'y', 'z'], expected: undefined },
    { name: 'a written __proto__', path: ['__proto__', 'd'], expected: 1 },
    { name: 'an inherited constructor', path: ['constructor'], expected: undefined },
    { name: 'an inherited __proto__', path: ['a', '__proto__'], expected: undefined },
    { name: 'an inherited method of a list', path: ['a', 'b', 'map'], expected: undefined },
  ])('reads $name', ({ path, expected }) => {
    expect(read(object, ...path)).toEqual(expected);
  });

  it.each([undefined, null, 'text', 5, true])('reads nothing out of %s', (value) => {
    expect(read(value, 'length')).toBeUndefined();
  });
});

describe('typed reading', () => {
  const object = {
    map: { x: 1 },
    list: [1],
    text: 'x',
    empty: '',
    yes: true,
    no: false,
    number: 0,
    nil: null,
  };
  const readers = {
    map: { read: readMap, finds: { map: { x: 1 } }, otherwise: undefined },
    string: { read: readString, finds: { text: 'x', empty: '' }, otherwise: undefined },
    boolean: { read: readBoolean, finds: { yes: true, no: false }, otherwise: undefined },
    list: { read: readList, finds: { list: [1] }, otherwise: [] },
  };
  it.each(Object.entries(readers))('a %s, and nothing else', (_name, reader) => {
    for (const key of [...Object.keys(object), 'missing']) {
      const finds: Record<string, unknown> = reader.finds;
      expect(reader.read(object, key), key).toEqual(key in finds ? finds[key] : reader.otherwise);
      expect(reader.read({ deep: object }, 'deep', key), key).toEqual(reader.read(object, key));
    }
  });
});

/** The same text for the same value, whatever the order of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isMap(item) ? ['map', ...Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))] : item,
  );
}

describe('deepEqual', () => {
  it.each([
    { name: 'the order of keys', a: { x: 1, y: 2 }, b: { y: 2, x: 1 }, expected: true },
    { name: 'the order of a list', a: [1, 2], b: [2, 1], expected: false },
    { name: 'a longer list', a: [1], b: [1, 2], expected: false },
    { name: 'a shorter list', a: [1, 2], b: [1], expected: false },
    { name: 'an additional key', a: { x: 1 }, b: { x: 1, y: 2 }, expected: false },
    { name: 'a missing key', a: { x: 1, y: 2 }, b: { x: 1 }, expected: false },
    { name: 'another key', a: { x: undefined }, b: { y: undefined }, expected: false },
    { name: 'a list and a map', a: [], b: {}, expected: false },
    { name: 'a map and a list', a: {}, b: [], expected: false },
    { name: 'a map and a list of the same keys', a: { 0: 'x' }, b: ['x'], expected: false },
    { name: 'null and a map', a: null, b: {}, expected: false },
    { name: 'a map and null', a: {}, b: null, expected: false },
    { name: 'null and nothing', a: null, b: undefined, expected: false },
    { name: 'a number and its text', a: 1, b: '1', expected: false },
    { name: 'a deep difference', a: { x: [{ y: 1 }] }, b: { x: [{ y: 2 }] }, expected: false },
    { name: 'a deep sameness', a: { x: [{ y: [] }] }, b: { x: [{ y: [] }] }, expected: true },
    {
      name: 'an inherited key',
      a: JSON.parse('{"constructor":{}}'),
      b: { other: 1 },
      expected: false,
    },
    {
      name: 'a written __proto__',
      a: JSON.parse('{"__proto__":{}}'),
      b: JSON.parse('{"other":{}}'),
      expected: false,
    },
  ])('reads $name', ({ a, b, expected }) => {
    expect(deepEqual(a, b)).toBe(expected);
  });

  it('agrees with a comparison of canonical texts', () => {
    const small = fc.jsonValue({ maxDepth: 3, stringUnit: fc.constantFrom('a', 'b') });
    fc.assert(
      fc.property(small, small, (a, b) => {
        expect(deepEqual(a, b)).toBe(canonical(a) === canonical(b));
        expect(deepEqual(a, structuredClone(a))).toBe(true);
      }),
    );
  });
});
