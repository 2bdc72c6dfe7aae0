import { describe, expect, it } from 'vitest';
import { formatPath } from '../../../src/policy/field-path.ts';
import { renderMessage } from '../../../src/policy/message.ts';
import { loadRegistry } from '../../../src/registry.ts';
import { judgementsOf, shoot, validate } from '../../support/judge.ts';
import { expectMessage } from '../../support/message.ts';

/** One Shoot, and what one rule is to say of it. */
export interface Row {
  readonly name: string;
  readonly config?: unknown;
  readonly spec?: object;
  readonly networking?: object;
  /** Where the rule speaks, below spec.networking, in order; nowhere where it is missing. */
  readonly paths?: readonly string[];
  /** The whole messages, where the words matter. */
  readonly messages?: readonly string[];
  readonly reasons?: readonly string[];
}

const registry = loadRegistry();

export function testRule(id: string, rows: readonly Row[]): void {
  describe(id, () => {
    it.each(rows.map((row) => [row.name, row] as const))('%s', (_name, row) => {
      const object = shoot(row.config, row.spec, row.networking);
      const before = structuredClone(object);
      const found = judgementsOf(validate(registry, { object }), id);
      expect(found.map((each) => formatPath(each.path))).toEqual(
        (row.paths ?? []).map((path) => `spec.networking.${path}`),
      );
      for (const judgement of found) {
        expect(judgement.action).toBe('deny');
        expectMessage(judgement);
      }
      if (row.messages) expect(found.map(renderMessage)).toEqual(row.messages);
      if (row.reasons) expect(found.map((each) => each.reason)).toEqual(row.reasons);
      expect(object, 'a rule leaves its input as it is').toEqual(before);
    });
  });
}

/** Values that no rule about a string may stumble over or speak of. */
export const OTHER_TYPES: readonly { readonly name: string; readonly value: unknown }[] = [
  { name: 'null', value: null },
  { name: 'nothing', value: undefined },
  { name: 'a number', value: 7 },
  { name: 'true', value: true },
  { name: 'a list', value: ['bird'] },
  { name: 'a map', value: { enabled: true } },
];

/** Texts that no field with a few words takes, and that must not break a message. */
export const STRANGE_TEXTS: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'a blank', text: ' ' },
  { name: 'half a megabyte', text: 'x'.repeat(500_000) },
  { name: 'a line break and a semicolon', text: 'a;\nb' },
  { name: 'quotes and backslashes', text: '"\\"'.repeat(40) },
  { name: 'an emoji', text: '🐯'.repeat(50) },
  { name: 'half a surrogate pair', text: '\ud83d' },
  { name: 'right-to-left override', text: '\u202eenon' },
  { name: 'a name of Object.prototype', text: 'constructor' },
];
