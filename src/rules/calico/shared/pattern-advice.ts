import { isTooLong, MAX_PATTERN_LENGTH, re2Problem } from '../../../formats/re2.ts';
import type { FieldPath } from '../../../policy/field-path.ts';
import { truncate } from '../../../policy/message.ts';
import type { Finding } from '../../../policy/types.ts';
import { tooLong } from '../../shared/too-long.ts';

/** The finding for a pattern that Go cannot compile. Values that are not strings are ignored. */
export function* checkPattern(path: FieldPath, value: unknown): Generator<Finding> {
  if (typeof value !== 'string') return;
  if (isTooLong(value)) yield tooLong(path, MAX_PATTERN_LENGTH);
  const problem = re2Problem(value);
  if (problem === undefined) return;
  const advice =
    value === '*'
      ? 'write .* to match all'
      : 'correct the pattern (RE2 has no lookaround and no backreferences)';
  yield {
    path,
    reason: 'FieldValueInvalid',
    problem: `invalid RE2 pattern: ${truncate(problem, 45)}`,
    got: value,
    advice,
  };
}
