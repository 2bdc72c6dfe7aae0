import { describe, expect, it } from 'vitest';
import { findDuplicateKeys } from '../../src/schema/duplicates.ts';
import { parseJson } from '../../src/schema/parse-json.ts';
import { compileWatch, scanJson } from '../../src/schema/scan.ts';
import { parseMegabyte, timesAsMuch } from '../support/pace.ts';

const WATCH = compileWatch({ a: { b: 'a.b', c: { d: 'a.c.d' } }, e: 'e' });

describe('scanJson needs little time for a megabyte of', () => {
  it.each([
    { name: 'brackets', text: '['.repeat(1_000_000) },
    { name: 'closing brackets', text: ']'.repeat(1_000_000) },
    { name: 'quotes', text: '"'.repeat(1_000_001) },
    { name: 'backslashes', text: `{"${'\\'.repeat(1_000_001)}` },
    { name: 'the same watched key', text: `{${'"a":{"b":1},'.repeat(60_000)}"e":1}` },
    { name: 'keys', text: `{"a":{${'"x":1,'.repeat(100_000)}"b":1}}` },
    { name: 'one long key', text: `{"${'x'.repeat(1_000_000)}":1}` },
    { name: 'one long string', text: `{"e":"${'\\u0061'.repeat(100_000)}"}` },
  ])('$name', ({ text }) => {
    const bytes = Buffer.from(text);
    expect(timesAsMuch(() => scanJson(bytes, WATCH, 256), parseMegabyte)).toBeLessThan(20);
  });
});

describe('findDuplicateKeys needs little time for', () => {
  const twice = '"a":1,"a":2';
  const wide = Array.from({ length: 2000 }, (_, at) => `{"k${at}":1,"k${at}":2}`).join(',');
  it.each([
    { name: 'many different duplicates', text: `[${wide}]`, count: 1000 },
    { name: 'one key again and again', text: `{${'"a":1,'.repeat(100_000)}"b":1}`, count: 1 },
    {
      name: 'one below a long key',
      text: `{"${'x'.repeat(400_000)}":{${'"a":1,'.repeat(60_000)}"b":1}}`,
      count: 1,
    },
    {
      name: 'different ones below a long key',
      text: `{"${'x'.repeat(400_000)}":[${wide}]}`,
      count: 1000,
    },
    {
      name: 'a parent again and again, below a long key',
      text: `{"${'x'.repeat(400_000)}":{${`"p":{${twice}},`.repeat(40_000)}"b":1}}`,
      count: 2,
    },
    {
      name: 'one deep down',
      text: `${'{"a":'.repeat(250)}{${'"a":1,'.repeat(60_000)}"b":1}${'}'.repeat(250)}`,
      count: 1,
    },
    { name: 'maps deeper than are read', text: `${'{"a":'.repeat(100_000)}`, count: 0 },
    {
      name: 'no duplicate at all',
      text: `{${Array.from({ length: 60_000 }, (_, at) => `"k${at}":1`)}}`,
      count: 0,
    },
  ])('$name', ({ text, count }) => {
    const bytes = Buffer.from(text);
    const run = () => expect(findDuplicateKeys(bytes)).toHaveLength(count);
    expect(timesAsMuch(run, parseMegabyte)).toBeLessThan(60);
  });
});

describe('parseJson needs little more time than JSON.parse', () => {
  const items = Array.from({ length: 3000 }, (_, at) => ({
    name: `n${at}`,
    spec: { a: [1, true, 'x'], 'b"': null },
  }));
  it.each([
    { name: 'many maps', text: JSON.stringify(items) },
    { name: 'a wide map', text: `{"\\u0061":1,${Array.from({ length: 60_000 }, (_, at) => `"k${at}":1`)}}` },
    { name: 'small items', text: `{"\\u0061":[${'{},'.repeat(100_000)}1]}` },
    { name: 'a long string', text: `{"\\u0061":"${'\\u0061'.repeat(200_000)}"}` },
    { name: 'many escapes, and none in a key', text: JSON.stringify(Array(60_000).fill('\\"":')) },
    {
      name: 'nested lists',
      text: `{"\\u0061":${'['.repeat(250)}${'1,'.repeat(100_000)}1${']'.repeat(250)}}`,
    },
  ])('for $name', ({ text }) => {
    expect(
      timesAsMuch(
        () => parseJson(text),
        () => JSON.parse(text),
      ),
    ).toBeLessThan(15);
  });
});
