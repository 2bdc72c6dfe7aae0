import { describe, expect, it } from 'vitest';
import { compileBound, MAX_ITEMS, MAX_MAPS } from '../../src/schema/bound.ts';

const list = { type: ['array', 'null'], items: { type: ['object', 'null'] } };
const texts = { type: 'array', items: { type: 'string' } };
const bound = compileBound(
  {
    type: 'object',
    properties: {
      names: list,
      pools: { type: 'array', items: { type: 'object', properties: { uses: texts, parts: list } } },
      texts,
      bare: { type: 'array' },
      one: { type: ['string', 'array'], items: { type: 'object' } },
      inner: { $ref: 'inner.json' },
      groups: { type: 'object', properties: { known: { type: 'object' } }, additionalProperties: list },
    },
  },
  [{ $id: 'inner.json', type: 'object', properties: { names: list } }],
);

const many = (count: number) => Array.from({ length: count }, (_, index) => String(index));
const first = many(MAX_MAPS);

describe('a list of the schema', () => {
  it.each([
    { name: 'short', value: { names: many(MAX_MAPS) } },
    { name: 'of more texts', value: { texts: many(MAX_ITEMS) } },
    { name: 'of short ones', value: { pools: [{ uses: many(3) }, {}, 5, null] } },
    { name: 'that is none', value: { names: 'x'.repeat(5000), pools: { length: 5000 } } },
    { name: 'not there', value: {} },
    { name: 'nothing', value: undefined },
    { name: 'null', value: { names: null } },
    { name: 'inherited', value: Object.create({ names: many(2000) }) },
  ])('stays the same: $name', ({ value }) => {
    const bounded = bound(value);
    expect(bounded.value).toBe(value);
    expect(bounded.shortened).toEqual([]);
  });

  it.each([
    {
      name: 'names',
      value: { names: many(1001), other: 1 },
      expected: { names: first, other: 1 },
      path: ['names'],
    },
    { name: 'where a string may be', value: { one: many(1001) }, expected: { one: first }, path: ['one'] },
    {
      name: 'behind a reference',
      value: { inner: { names: many(1001) } },
      expected: { inner: { names: first } },
      path: ['inner', 'names'],
    },
    {
      name: 'with an unknown name',
      value: { groups: { any: many(1001) } },
      expected: { groups: { any: first } },
      path: ['groups', 'any'],
    },
    {
      name: 'in another',
      value: { pools: [{ uses: ['a'] }, { parts: many(1001), uses: ['b'] }] },
      expected: { pools: [{ uses: ['a'] }, { parts: first, uses: ['b'] }] },
      path: ['pools', 1, 'parts'],
    },
  ])('ends after the first items: $name', ({ value, expected, path }) => {
    const before = structuredClone(value);
    const bounded = bound(value);
    expect(bounded.value).toEqual(expected);
    expect(bounded.shortened).toEqual([{ path, length: 1001, kept: MAX_MAPS }]);
    expect(value).toEqual(before);
  });

  it.each(['texts', 'bare'])('ends later where it holds no maps: %s', (name) => {
    const { value, shortened } = bound({ [name]: many(MAX_ITEMS + 1) });
    expect(value).toEqual({ [name]: many(MAX_ITEMS) });
    expect(shortened).toEqual([{ path: [name], length: MAX_ITEMS + 1, kept: MAX_ITEMS }]);
  });

  it('keeps a key that is called __proto__', () => {
    const value: object = JSON.parse(`{"__proto__": {"a": 1}, "names": ${JSON.stringify(many(1001))}}`);
    expect(Object.keys(bound(value).value as object)).toEqual(['__proto__', 'names']);
  });
});

it('all lists together have a limit, since they may be nested', () => {
  const pools = Array.from({ length: 100 }, () => ({ uses: many(200) }));
  const { value, shortened } = bound({ pools });
  // A hundred pools are items as well.
  const whole = Math.floor((MAX_ITEMS - 100) / 200);
  const rest = MAX_ITEMS - 100 - whole * 200;
  expect(shortened[0]).toEqual({ path: ['pools', whole, 'uses'], length: 200, kept: rest });
  expect(shortened.slice(1).map(({ kept }) => kept)).toEqual(Array(100 - whole - 1).fill(1));
  expect(JSON.stringify(value).match(/"\d+"/g)).toHaveLength(MAX_ITEMS - whole - 1);
});

it('no list ends before its first item, whatever came before: without workers a Shoot is not ours', () => {
  const { value, shortened } = bound({ pools: [{ uses: many(MAX_ITEMS) }], texts: many(2) });
  expect(value).toEqual({ pools: [{ uses: many(MAX_ITEMS - 1) }], texts: ['0'] });
  expect(shortened.map(({ kept }) => kept)).toEqual([MAX_ITEMS - 1, 1]);
});

it('a list that is not in the schema stays unchanged', () => {
  const value = { unknown: many(5000), groups: { known: { list: many(5000) } } };
  expect(bound(value)).toEqual({ value, shortened: [] });
  expect(compileBound({ type: 'object' })(value).value).toBe(value);
});
