import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDuplicateKeys, hasDuplicateKeys } from '../../src/schema/duplicates.ts';
import { parseJson } from '../../src/schema/parse-json.ts';
import { print, type Written, whiteSpace, written } from './json-text.ts';

type Path = (string | number)[];

function find(text: string): Path[] {
  return findDuplicateKeys(Buffer.from(text));
}

/** Of the text within a larger one. */
function hasAny(text: string): boolean {
  const bytes = Buffer.from(`{"a":${text},"a":0}`);
  return hasDuplicateKeys(bytes, { start: 5, end: bytes.length - 7 }, parseJson(text));
}

describe('findDuplicateKeys', () => {
  it.each([
    { name: 'nothing', text: '', paths: [] },
    { name: 'a scalar', text: '"a"', paths: [] },
    { name: 'a map', text: '{"a":1,"b":{"a":1}}', paths: [] },
    { name: 'a key twice', text: '{"a":1,"b":2,"a":1}', paths: [['a']] },
    { name: 'a key three times', text: '{"a":1,"a":2,"a":3}', paths: [['a']] },
    { name: 'a key and a value of the same text', text: '{"a":"a","b":"a"}', paths: [] },
    { name: 'the texts of a list', text: '["a","a",{"b":["a","a"]}]', paths: [] },
    { name: 'keys of neighbours', text: '[{"a":1},{"a":1}]', paths: [] },
    { name: 'two keys', text: '{"b":1,"a":1,"a":2,"b":2}', paths: [['a'], ['b']] },
    { name: 'in a map', text: '{"x":{"a":1,"a":2}}', paths: [['x', 'a']] },
    {
      name: 'in a list',
      text: '{"x":[0,"1",{"a":1,"a":2},[{"b":1,"b":1}]]}',
      paths: [
        ['x', 2, 'a'],
        ['x', 3, 0, 'b'],
      ],
    },
    { name: 'after a list', text: '{"a":[1,2],"b":[],"a":1}', paths: [['a']] },
    { name: 'after a map', text: '{"a":{},"b":{"c":1},"a":1}', paths: [['a']] },
    {
      name: 'with the second parent',
      text: '{"x":{"a":1,"a":1},"x":{"a":1,"a":1,"b":1,"b":2}}',
      paths: [['x', 'a'], ['x'], ['x', 'b']],
    },
    {
      name: 'a position and a key like it',
      text: '{"x":[{"a":1,"a":1}],"x":{"0":{"a":1,"a":1}}}',
      paths: [['x', 0, 'a'], ['x'], ['x', '0', 'a']],
    },
    { name: 'another spelling', text: '{"overlay":1,"over\\u006cay":2}', paths: [['overlay']] },
    { name: 'a difference in case', text: '{"a":1,"A":2}', paths: [] },
    {
      name: 'names of the prototype',
      text: '{"__proto__":1,"constructor":1,"__proto__":2}',
      paths: [['__proto__']],
    },
    { name: 'an empty key', text: '{"":1,"":2}', paths: [['']] },
    {
      name: 'keys like separators',
      text: '{"a b":{"c":1,"c":1},"a":{"b c":1,"b c":1}}',
      paths: [
        ['a b', 'c'],
        ['a', 'b c'],
      ],
    },
    { name: 'strings that look like more', text: '{"a":"\\"a\\":1,","b":"{\\"b\\":","c":"}"}', paths: [] },
    { name: 'white space', text: ' {\n"a" : 1 ,\t"a" : 2 } ', paths: [['a']] },
  ])('$name', ({ text, paths }) => {
    expect(find(text)).toEqual(paths);
    if (text !== '') expect(hasAny(text)).toBe(paths.length > 0);
  });

  /** Straight from the written tree. */
  function collect(tree: Written, path: Path, into: Map<string, Path>): Map<string, Path> {
    if (tree.type === 'list') {
      for (const [index, item] of tree.items.entries()) collect(item, [...path, index], into);
    }
    if (tree.type === 'map') {
      const names = tree.entries.map(([key]) => key.name);
      for (const [at, [key, item]] of tree.entries.entries()) {
        const below = [...path, key.name];
        if (names.indexOf(key.name) < at) into.set(JSON.stringify(below), below);
        collect(item, below, into);
      }
    }
    return into;
  }

  it('finds what a reader of the text would find', () => {
    fc.assert(
      fc.property(written(['a', 'b', 'ö', '"', '\\', '0', '__proto__', '']), whiteSpace, (tree, space) => {
        const text = print(tree, space);
        const expected = [...collect(tree, [], new Map()).values()];
        expect(find(text)).toEqual(expected);
        expect(hasAny(text)).toBe(expected.length > 0);
      }),
      { numRuns: 500 },
    );
  });

  it('gives an answer to what is no JSON', () => {
    const signs = fc.string({
      unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'a', 'u', ' '),
      maxLength: 60,
    });
    fc.assert(fc.property(fc.oneof(signs, fc.string()), (text) => Array.isArray(find(text))));
  });
});
