import { read } from './json.ts';
import type { Explanation } from './message.ts';
import type { Finding, RuleOptions } from './types.ts';

/** A field of the object that has a value; absent and null are other values than any. */
export interface FieldIs {
  readonly path: readonly string[];
  readonly is: string | boolean;
}

/** A field of the object that has another value, or none. */
export interface FieldIsNot {
  readonly path: readonly string[];
  readonly isNot: string | boolean;
}

/**
 * Fields that do not go together, as data, so that it can be evaluated here and be written in CEL for an API server.
 *
 * All of the tests hold where the fields contradict each other. The first one names the field that the finding is at.
 * It says which value that field has, so that an update of an object with a contradiction, which still has it, has the
 * same finding as before: what `ratchet` compares is then equal without being compared.
 */
export interface Contradiction {
  readonly tests: readonly [FieldIs, ...(FieldIs | FieldIsNot)[]];
  explain(options: RuleOptions): Explanation;
}

/** What a rule that is a contradiction finds in an object. */
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

/** The finding, which is the same for every object that has the contradiction. */
export function toFinding({ tests, explain }: Contradiction, options: RuleOptions): Finding {
  const [{ path, is }] = tests;
  return { path, reason: 'FieldValueForbidden', ...explain(options), got: is };
}
