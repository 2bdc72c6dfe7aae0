import { describe, expect, it } from 'vitest';
import { ratchet } from '../../src/policy/ratchet.ts';
import type { RuleFinding } from '../../src/policy/types.ts';

const finding: RuleFinding = {
  path: ['spec', 'field'],
  reason: 'FieldValueInvalid',
  problem: 'is wrong',
  got: 1,
  advice: 'mend it',
  rule: 'fake/rule',
  action: 'deny',
};
const object = { spec: { field: 1 } };
const long = 'x'.repeat(200);

interface Case {
  readonly name: string;
  readonly fresh?: Partial<RuleFinding>;
  readonly known?: Partial<RuleFinding>;
  readonly object?: object;
  readonly old?: object;
  /** undefined: there is no finding. */
  readonly action: RuleFinding['action'] | undefined;
}

describe('ratchet', () => {
  const table: Case[] = [
    { name: 'a denial that was there', action: 'warn' },
    { name: 'a warning that was there', fresh: { action: 'warn' }, action: undefined },
    { name: 'a note that was there', fresh: { action: 'audit' }, action: undefined },
    { name: 'the same in other words', known: { problem: 'is bad' }, action: 'warn' },
    { name: 'another value', old: { spec: { field: 2 } }, action: 'deny' },
    { name: 'another value, a warning', fresh: { action: 'warn' }, old: { spec: {} }, action: 'warn' },
    { name: 'another value, a note', fresh: { action: 'audit' }, old: { spec: {} }, action: 'audit' },
    { name: 'another rule', known: { rule: 'fake/other' }, action: 'deny' },
    { name: 'another path', known: { path: ['spec', 'other'] }, action: 'deny' },
    {
      name: 'the same map in another order',
      object: { spec: { field: { a: 1, b: [2] } } },
      old: { spec: { field: { b: [2], a: 1 } } },
      action: 'warn',
    },
    {
      name: 'a map with another value in it',
      object: { spec: { field: { a: 1, b: [2] } } },
      old: { spec: { field: { a: 1, b: [3] } } },
      action: 'deny',
    },
    { name: 'what is missing, and was', object: { spec: {} }, old: { spec: {} }, action: 'warn' },
    { name: 'what is missing, and was null', object: {}, old: { spec: { field: null } }, action: 'deny' },
    { name: 'the whole object, unchanged', fresh: { path: [] }, known: { path: [] }, action: 'warn' },
    {
      name: 'a key that reads like a path',
      fresh: { path: ['spec', 'a', 'b'] },
      known: { path: ['spec', 'a.b'] },
      object: { spec: { a: { b: 1 } } },
      old: { spec: { 'a.b': 1 } },
      action: 'deny',
    },
    {
      name: 'a long key that only ends otherwise',
      fresh: { path: ['spec', `${long}a`] },
      known: { path: ['spec', `${long}b`] },
      object: { spec: { [`${long}a`]: 1 } },
      old: { spec: { [`${long}b`]: 1 } },
      action: 'deny',
    },
  ];
  it.each(table)('$name: $action', (entry) => {
    const fresh: RuleFinding = { ...finding, ...entry.fresh };
    const kept = ratchet(
      { object: entry.object ?? object, findings: [fresh] },
      { object: entry.old ?? object, findings: [{ ...finding, ...entry.known }] },
    );
    expect(kept).toEqual(entry.action === undefined ? [] : [{ ...fresh, action: entry.action }]);
  });

  it('keeps the order, and forgets what is no longer there', () => {
    const at = (field: string, rule: string): RuleFinding => ({ ...finding, path: ['spec', field], rule });
    const kept = ratchet(
      {
        object: { spec: { a: 1, b: 1, c: 1 } },
        findings: [at('c', 'fake/x'), at('b', 'fake/x'), at('a', 'fake/y')],
      },
      {
        object: { spec: { a: 1, b: 1, z: 1 } },
        findings: [at('a', 'fake/x'), at('b', 'fake/x'), at('z', 'fake/x')],
      },
    );
    expect(kept).toEqual([at('c', 'fake/x'), { ...at('b', 'fake/x'), action: 'warn' }, at('a', 'fake/y')]);
  });
});
