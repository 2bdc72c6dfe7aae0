import { read } from './json.ts';
import type { Explanation } from './message.ts';
import type { Finding, RuleOptions } from './types.ts';

/** A field of the object has this value. A field that is absent or null has no value. */
export interface FieldIs {
  readonly path: readonly string[];
  readonly is: string | boolean;
}

/** A field of the object has another value, or no value. */
export interface FieldIsNot {
  readonly path: readonly string[];
  readonly isNot: string | boolean;
}

/**
 * Fields that contradict each other, as data, so that we can evaluate the contradiction here and also write it in CEL
 * for an API server.
 *
 * The fields contradict each other where all tests are true. The first test names the field of the finding and its
 * value. An update of an object that already had the contradiction therefore gets the same finding as before, and
 * `ratchet` needs no comparison of values.
 */
export interface Contradiction {
  readonly tests: readonly [FieldIs, ...(FieldIs | FieldIsNot)[]];
  explain(options: RuleOptions): Explanation;
}

/** Evaluates a rule that is a contradiction. */
export function* findContradiction(
  contradiction: Contradiction,
  object: unknown,
  options: RuleOptions,
): Iterable<Finding> {
  const isFound = contradiction.tests.every((test) => {
    const value = read(object, ...test.path);
    return 'is' in test ? value === test.is : value !== test.isNot;
  });
  if (isFound) yield toFinding(contradiction, options);
}

/** The finding. It is the same for every object with the contradiction. */
export function toFinding({ tests, explain }: Contradiction, options: RuleOptions): Finding {
  const [{ path, is }] = tests;
  return { path, reason: 'FieldValueForbidden', ...explain(options), got: is };
}
