import { createPathNames, type FieldPath } from './field-path.ts';
import type { RuleFinding } from './types.ts';

/** Most corrections of one object that are followed: an answer names as many causes. */
const MAX_FOLLOWED = 100;

const ORDER: Record<RuleFinding['action'], number> = { deny: 0, warn: 1, audit: 2 };

/**
 * What corrects the type may lead to the next finding of the same value: a number that is put in quotes is a string,
 * but no duration. Then the advice of that finding is given at once, with its correction where it has one, so that
 * whoever follows it is done with the value.
 * @param judge what rules find in the object once all types are corrected
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

/** The object with other values at some places that it has; it shares what was not touched. */
function withValues(object: unknown, values: readonly Value[]): unknown {
  const copies = new Map<object, object>();
  const copyOf = (original: object): object => {
    const known = copies.get(original);
    if (known !== undefined) return known;
    const copy = Array.isArray(original) ? [...original] : { ...original };
    copies.set(original, copy);
    // What has been copied is written to from now on.
    copies.set(copy, copy);
    return copy;
  };
  const root = { object };
  for (const { path, value } of values) {
    let at: object = root;
    let step: string | number = 'object';
    for (const next of path) {
      // A finding with a correction is about a value that is there.
      const copy = copyOf(Object(Reflect.get(at, step)));
      define(at, step, copy);
      at = copy;
      step = next;
    }
    define(at, step, value);
  }
  return root.object;
}

/** As an assignment does, but for `__proto__`, which is a key like any other. */
function define(at: object, step: string | number, value: unknown): void {
  Object.defineProperty(at, step, { value, writable: true, enumerable: true, configurable: true });
}
