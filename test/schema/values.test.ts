import { describe, expect, it } from 'vitest';
import { formatPath } from '../../src/policy/field-path.ts';
import { boundsOf, compileValues, wordsOf } from '../../src/schema/values.ts';

const PART = {
  $id: 'part.json',
  type: 'object',
  required: ['word'],
  properties: { word: { enum: ['a', 'b', null] } },
};
const check = compileValues(
  {
    properties: {
      word: { type: ['string', 'null'], enum: ['a', 'b', null] },
      version: { type: 'integer', enum: [4, 6, null] },
      number: { type: 'integer', minimum: 1, maximum: 9 },
      next: { type: 'integer', maximum: 5, 'x-calico': { maximum: '3.33' } },
      text: { type: 'string', maxLength: 3 },
      set: { type: 'array', uniqueItems: true, minItems: 1, maxItems: 3, items: { type: 'string' } },
      parts: { type: 'array', items: { $ref: 'part.json' } },
    },
  },
  [PART],
);

/** `<keyword> <path>` of each problem. */
function problemsOf(value: unknown): string[] {
  return check(value).map(({ keyword, path }) => `${keyword} ${formatPath(path)}`);
}

describe('the values of a schema', () => {
  it.each([
    { name: 'nothing', value: {}, wanted: [] },
    { name: 'null', value: { word: null, number: null, set: null, parts: null }, wanted: [] },
    { name: 'another word', value: { word: 'A' }, wanted: ['enum word'] },
    { name: 'a number for a word, which has the wrong type', value: { word: 4, version: '4' }, wanted: [] },
    { name: 'another number', value: { version: 5 }, wanted: ['enum version'] },
    { name: 'a map for a word', value: { version: { toString: {} } }, wanted: [] },
    { name: 'bounds', value: { number: 0, next: 6 }, wanted: ['minimum number', 'maximum next'] },
    { name: 'within bounds', value: { number: 9, next: 5, text: 'abc', set: ['a'] }, wanted: [] },
    { name: 'a long text', value: { text: 'abcd' }, wanted: ['maxLength text'] },
    { name: 'characters, and not their halves', value: { text: '🐯🐯🐯' }, wanted: [] },
    { name: 'a list too short', value: { set: [] }, wanted: ['minItems set'] },
    { name: 'a list too long', value: { set: ['a', 'b', 'c', 'd'] }, wanted: ['maxItems set'] },
    { name: 'a set with something twice', value: { set: ['a', 'b', 'a'] }, wanted: ['uniqueItems set[2]'] },
    {
      name: 'a part of its own file',
      value: { parts: [{ word: 'a' }, {}, { word: 'c' }, 'x', null] },
      wanted: ['required parts[1].word', 'enum parts[2].word'],
    },
    { name: 'a key like any other', value: JSON.parse('{"__proto__": {"word": "x"}}'), wanted: [] },
    { name: 'no map', value: ['a'], wanted: [] },
  ])('$name', ({ value, wanted }) => {
    expect(problemsOf(value)).toEqual(wanted);
  });

  it('names the first release that rejects it', () => {
    expect(check({ number: 0, next: 6 }).map(({ since }) => since)).toEqual([undefined, '3.33']);
  });

  it('stops at a thousand', () => {
    const list = Array.from({ length: 5000 }, () => ({ word: 'x' }));
    expect(check({ parts: list }).length).toBe(1000);
    expect(check({ set: Array.from({ length: 5000 }, () => 'x') }).length).toBeLessThanOrEqual(1001);
  });

  it('gives words and bounds', () => {
    expect(wordsOf(PART.properties.word)).toEqual(['a', 'b']);
    expect(boundsOf({ minimum: 1 })).toEqual({ min: 1, max: Number.POSITIVE_INFINITY });
  });
});
