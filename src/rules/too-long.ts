import type { FieldPath } from '../policy/field-path.ts';
import type { Finding } from '../policy/types.ts';

/** A text of which nothing can be said but its length. So this is a warning, whatever the rule does otherwise. */
export function tooLong(path: FieldPath, text: string, max: number): Finding {
  return {
    path,
    reason: 'FieldValueInvalid',
    problem: `too long to be looked at, more than ${max} characters`,
    got: text,
    advice: 'shorten it',
    atMost: 'warn',
  };
}
