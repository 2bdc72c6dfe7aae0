import type { FieldPath } from '../../policy/field-path.ts';
import type { Finding } from '../../policy/types.ts';

export interface NumberRange {
  readonly path: FieldPath;
  readonly value: unknown;
  readonly min: number;
  readonly max: number;
  /** What a number of this kind is called: `port`. */
  readonly what: string;
}

/** A number outside of its range; anything that is no number is left alone. */
export function* checkNumber({ path, value, min, max, what }: NumberRange): Generator<Finding> {
  if (typeof value !== 'number' || (value >= min && value <= max)) return;
  const range = max === Number.POSITIVE_INFINITY ? `${min} or more` : `${min} to ${max}`;
  yield { path, reason: 'FieldValueInvalid', problem: `not a ${what}`, got: value, advice: `write ${range}` };
}
