import type { FieldPath } from '../../policy/field-path.ts';
import type { Finding } from '../../policy/types.ts';

export interface NumberRange {
  readonly path: FieldPath;
  readonly value: unknown;
  readonly min: number;
  readonly max: number;
  /** The name of such a number: `port`. */
  readonly what: string;
}

/** The finding for a number outside its range. Values that are not numbers are ignored. */
export function* checkNumber({ path, value, min, max, what }: NumberRange): Generator<Finding> {
  if (typeof value !== 'number' || (value >= min && value <= max)) return;
  const range =
    max === Number.POSITIVE_INFINITY ? `a value of ${min} or more` : `a value from ${min} to ${max}`;
  yield {
    path,
    reason: 'FieldValueInvalid',
    problem: `the ${what} is out of range`,
    got: value,
    advice: `use ${range}`,
  };
}
