import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/schema/parse-json.ts';
import { print, valueIn, whiteSpace, written } from './json-text.ts';

describe('parseJson', () => {
  /** V8 in Node.js 24 and 26 reads another key in the second text if it has read the first one before. */
  it.each([
    { name: 'a letter', first: '{"over\\\\":1}', second: '{"over\\u006cay":2}', keys: ['overlay'] },
    { name: 'the only letter', first: '{"\\\\":1}', second: '{"\\u0061":2}', keys: ['a'] },
    { name: 'a quote', first: '{"h":[],"\\\\":0}', second: '{"h":1,"\\"":2}', keys: ['h', '"'] },
    {
      name: 'a key that holds what looks like an escape',
      first: '{"\\\\u006fv":1}',
      second: '{"\\u006fverlay":2}',
      keys: ['overlay'],
    },
    {
      name: 'behind another key',
      first: '{"backend":1,"ip\\\\":1}',
      second: '{"backend":2,"ip\\u0061m":2}',
      keys: ['backend', 'ipam'],
    },
    {
      name: 'a key written twice',
      first: '{"backend":1,"backen\\\\":1}',
      second: '{"backend":2,"backen\\u0064":2}',
      keys: ['backend'],
    },
    { name: 'in a list', first: '[]', second: '[{"x\\\\":1},{"x\\n":1}]', keys: ['0', '1'] },
  ])('reads an escaped key as it is written: $name', ({ first, second, keys }) => {
    for (let times = 0; times < 3; times += 1) {
      parseJson(first);
      expect(Object.keys(parseJson(second) as object)).toEqual(keys);
    }
  });

  it('reads maps within a text, and blanks between', () => {
    expect(parseJson('[{"x\\\\":1},{"x\\n":1},{"x\\"":{"\\u002f":[1, 2 ]}}]')).toEqual([
      { 'x\\': 1 },
      { 'x\n': 1 },
      { 'x"': { '/': [1, 2] } },
    ]);
  });

  it('reads what is written, whatever came before', () => {
    const names = [
      'a',
      'b',
      'ö',
      '"',
      '\\',
      '\n',
      '0',
      '1',
      '__proto__',
      'constructor',
      '',
      'a\\',
      'a"',
      '\\u0061',
    ];
    fc.assert(
      fc.property(written(names), whiteSpace, (tree, space) => {
        const value = parseJson(`${space}${print(tree, space)}${space}`);
        expect(value).toEqual(valueIn(tree));
        // The keys in the same order, and no prototype in the place of one.
        expect(JSON.stringify(value)).toBe(JSON.stringify(valueIn(tree)));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    '{"\\u0061":1e400,"b":-0,"c":0.1,"d":"\\ud83d","e":1E+2}',
    ' [ "\\u0061" , null,true , false ] ',
    '""',
  ])('reads %s as JSON.parse does', (text) => {
    expect(parseJson(text)).toStrictEqual(JSON.parse(text));
  });

  it.each([
    '',
    '{',
    '{"\\u0061"}',
    '{"\\u0061":1',
    '{"\\u0061":01}',
    '{"\\x":1}',
    '{"a\\',
    '{"\\u0061":1}}',
    "{'a':1}",
  ])('rejects %s', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it('keeps __proto__ a key like any other', () => {
    const value = parseJson('{"__prot\\u006f__":{"a":1},"__proto__":{"b":1}}') as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.entries(value)).toEqual([['__proto__', { b: 1 }]]);
  });
});
