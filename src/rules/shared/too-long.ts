import type { FieldPath } from '../../policy/field-path.ts';
import type { Finding } from '../../policy/types.ts';

/** The finding for a text of more than `max` characters, which is not checked further. It is always a warning. */
export function tooLong(path: FieldPath, max: number): Finding {
  return {
    path,
    reason: 'FieldValueInvalid',
    problem: `longer than ${max} characters, so it is not checked`,
    advice: 'shorten it',
    atMost: 'warn',
  };
}
