import type { FieldPath } from '../../policy/field-path.ts';
import type { Finding } from '../../policy/types.ts';

/** A text that is longer than `max` characters, of which nothing else is known: a warning, whatever the rule does. */
export function tooLong(path: FieldPath, max: number): Finding {
  return {
    path,
    reason: 'FieldValueInvalid',
    problem: `longer than ${max} characters, which is too long to be looked at`,
    advice: 'shorten it',
    atMost: 'warn',
  };
}
