import { describe, expect, it } from 'vitest';
import type { Fix } from '../../src/policy/types.ts';
import { compileShape } from '../../src/schema/shape.ts';

const check = compileShape({
  type: 'object',
  additionalProperties: false,
  properties: {
    vethMTU: { type: ['string', 'null'] },
    mode: { type: 'string', enum: ['vpa', 'true'] },
    enabled: { type: 'boolean' },
    replicas: { type: 'integer' },
    limits: { type: 'object', additionalProperties: { type: 'number' } },
  },
});

describe('the correction that a mistake of shape comes with', () => {
  it.each<{ name: string; value: object; fix: Fix | undefined }>([
    { name: 'a name in another case', value: { vethMtu: '1' }, fix: { kind: 'rename', to: 'vethMTU' } },
    { name: 'a name with a slip', value: { replicsa: 1 }, fix: { kind: 'rename', to: 'replicas' } },
    { name: 'a name whose right one is there', value: { vethMtu: '1', vethMTU: '2' }, fix: undefined },
    { name: 'a name that is merely near', value: { repls: 1 }, fix: undefined },
    { name: 'a number that is a string', value: { vethMTU: 1440 }, fix: { kind: 'replace', value: '1440' } },
    { name: 'a number that may have been written otherwise', value: { vethMTU: 1.5 }, fix: undefined },
    {
      name: 'a boolean that is one of the words',
      value: { mode: true },
      fix: { kind: 'replace', value: 'true' },
    },
    { name: 'a boolean that is none of the words', value: { mode: false }, fix: undefined },
    { name: 'a boolean in quotes', value: { enabled: 'false' }, fix: { kind: 'replace', value: false } },
    { name: 'another word for a boolean', value: { enabled: 'yes' }, fix: undefined },
    { name: 'a number in quotes', value: { replicas: '3' }, fix: { kind: 'replace', value: 3 } },
    { name: 'a number in quotes that may be octal', value: { replicas: '010' }, fix: undefined },
    {
      name: 'a number in quotes in a map',
      value: { limits: { a: '7' } },
      fix: { kind: 'replace', value: 7 },
    },
    { name: 'a map for a number', value: { replicas: {} }, fix: undefined },
  ])('$name', ({ value, fix }) => {
    expect(check(value).map((problem) => problem.fix)).toEqual([fix]);
  });
});
