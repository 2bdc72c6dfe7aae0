import { describe, expect, it } from 'vitest';
import type { FieldPath } from '../../src/policy/field-path.ts';
import { followTypes } from '../../src/policy/follow.ts';
import { read } from '../../src/policy/json.ts';
import type { RuleFinding } from '../../src/policy/types.ts';

function wrongType(path: FieldPath, value: string | number, change: Partial<RuleFinding> = {}): RuleFinding {
  const base = {
    path,
    reason: 'FieldValueTypeInvalid',
    problem: 'must be another type',
    rule: 'x/wrong-type',
  } as const;
  return { ...base, action: 'deny', advice: `write ${value}`, fix: { kind: 'replace', value }, ...change };
}

function next(path: FieldPath, change: Partial<RuleFinding> = {}): RuleFinding {
  const base = { path, reason: 'FieldValueInvalid', problem: 'not a word', rule: 'x/word' } as const;
  return { ...base, action: 'deny', advice: 'use one', ...change };
}

function follow(findings: readonly RuleFinding[], after: readonly RuleFinding[], object: unknown = { a: 1 }) {
  let corrected: unknown;
  const followed = followTypes(findings, object, (each) => {
    corrected = each;
    return after;
  });
  return { corrected, advised: followed.map(({ advice, fix }) => [advice, fix]) };
}

describe('a correction of the type', () => {
  const first = wrongType(['a'], '1');
  const kept = [[first.advice, first.fix]];

  it('gives way to the advice of what would be found next, and to its correction', () => {
    const fix = { kind: 'replace', value: '1s' } as const;
    expect(follow([first], [next(['a'])]).advised).toEqual([['use one', undefined]]);
    expect(follow([first], [next(['a'], { fix })]).advised).toEqual([['use one', fix]]);
    expect(follow([first], [next(['a'], { fix: { kind: 'rename', to: 'b' } })]).advised).toEqual([
      ['use one', undefined],
    ]);
  });

  it.each<{ name: string; before?: RuleFinding[]; after: RuleFinding[] }>([
    { name: 'nothing is found', after: [] },
    { name: 'something is found elsewhere', after: [next(['b']), next(['a', 'b']), next([])] },
    { name: 'what is found weighs less', after: [next(['a'], { action: 'warn' })] },
    { name: 'what is found was found before', before: [next(['a'])], after: [next(['a'])] },
  ])('stays where $name', ({ before = [], after }) => {
    expect(follow([first, ...before], after).advised.slice(0, 1)).toEqual(kept);
  });

  it('is followed alone: neither a name nor a word is', () => {
    const rename = wrongType(['a'], '1', { fix: { kind: 'rename', to: 'b' } });
    const word = wrongType(['a'], '1', { reason: 'FieldValueNotSupported' });
    for (const each of [rename, word, wrongType(['a'], '1', { fix: undefined })]) {
      expect(follow([each], [next(['a'])])).toEqual({
        corrected: undefined,
        advised: [[each.advice, each.fix]],
      });
    }
  });

  it('is tried on a copy, together with all others', () => {
    const shared = { b: 2 };
    const object = JSON.parse('{"a":1,"list":[{"x":1},{"x":2}],"__proto__":{"y":3},"rest":{"z":4}}');
    const before = structuredClone(object);
    const paths: FieldPath[] = [['a'], ['list', 0, 'x'], ['list', 1, 'x'], ['__proto__', 'y']];
    const { corrected } = follow(
      paths.map((path) => wrongType(path, 'new')),
      [],
      object,
    );
    expect(object).toEqual(before);
    for (const path of paths) expect(read(corrected, ...path)).toBe('new');
    expect(read(corrected, 'rest')).toBe(read(object, 'rest'));
    expect(Object.getPrototypeOf(corrected)).toBe(Object.prototype);
    expect(follow([wrongType([], 'new')], [], shared).corrected).toBe('new');
  });

  it('is tried for a hundred values of an object', () => {
    const object = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`k${index}`, index]));
    const many = Object.keys(object).map((key) => wrongType([key], 'new'));
    const { corrected } = follow(many, [], object);
    expect(Object.values(corrected as object).filter((value) => value === 'new')).toHaveLength(100);
  });
});
