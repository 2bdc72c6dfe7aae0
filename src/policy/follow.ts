import { createPathNames, type FieldPath } from './field-path.ts';
import type { RuleFinding } from './types.ts';

/** Limit of the corrections that are followed for one object. An answer names as many causes. */
const MAX_FOLLOWED = 100;

const ORDER: Record<RuleFinding['action'], number> = { deny: 0, warn: 1, audit: 2 };

/**
 * A corrected type may lead to the next finding on the same value: a number in quotes is a string, but not a
 * duration. Then the first finding gets the advice of that finding, and its correction where it has one, so that one
 * change is enough.
 * @param evaluate evaluates the object with all types corrected
 */
export function followTypes(
  findings: readonly RuleFinding[],
  object: unknown,
  evaluate: (corrected: unknown) => readonly RuleFinding[],
): RuleFinding[] {
  const corrections = findings.flatMap((each) => correctionOf(each) ?? []).slice(0, MAX_FOLLOWED);
  if (corrections.length === 0) return [...findings];
  const nameOf = createPathNames();
  const keyOf = ({ rule, problem, path }: RuleFinding) => nameOf([rule, problem, ...path]);
  const known = new Set(findings.map(keyOf));
  const corrected = new Set(corrections.map(({ path }) => nameOf(path)));
  const next = new Map<string, RuleFinding>();
  for (const each of evaluate(withValues(object, corrections))) {
    const name = nameOf(each.path);
    if (!known.has(keyOf(each)) && corrected.has(name) && !next.has(name)) next.set(name, each);
  }
  return findings.map((each) => {
    const after = correctionOf(each) === undefined ? undefined : next.get(nameOf(each.path));
    if (after === undefined || ORDER[after.action] > ORDER[each.action]) return each;
    return { ...each, advice: after.advice, fix: after.fix?.kind === 'replace' ? after.fix : undefined };
  });
}

function correctionOf({ path, reason, fix }: RuleFinding): Value | undefined {
  if (reason !== 'FieldValueTypeInvalid' || fix?.kind !== 'replace') return undefined;
  return { path, value: fix.value };
}

interface Value {
  readonly path: FieldPath;
  readonly value: unknown;
}

/** A copy of the object with other values at some of its paths. Unchanged parts are shared. */
function withValues(object: unknown, values: readonly Value[]): unknown {
  const copies = new Map<object, object>();
  const copyOf = (original: object): object => {
    const known = copies.get(original);
    if (known !== undefined) return known;
    const copy = Array.isArray(original) ? [...original] : { ...original };
    copies.set(original, copy);
    // A copy is writable from now on.
    copies.set(copy, copy);
    return copy;
  };
  const root = { object };
  for (const { path, value } of values) {
    let at: object = root;
    let step: string | number = 'object';
    for (const next of path) {
      // A finding with a correction is about a value that exists.
      const copy = copyOf(Object(Reflect.get(at, step)));
      define(at, step, copy);
      at = copy;
      step = next;
    }
    define(at, step, value);
  }
  return root.object;
}

/** Assigns the value, also where the key is `__proto__`. */
function define(at: object, step: string | number, value: unknown): void {
  Object.defineProperty(at, step, { value, writable: true, enumerable: true, configurable: true });
}
