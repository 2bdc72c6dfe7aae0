import { createPathNames } from './field-path.ts';
import { deepEqual, read } from './json.ts';
import type { RuleFinding } from './types.ts';

/**
 * An update is not refused for what the old object, judged alone, already had: the same rule at the same path with
 * the same value. A landscape that turns a rule on would otherwise block every later change of an old object, down
 * to the removal of a finalizer. A known denial becomes a warning; a known warning is not repeated.
 */
export function ratchet(
  fresh: { readonly object: unknown; readonly findings: readonly RuleFinding[] },
  known: { readonly object: unknown; readonly findings: readonly RuleFinding[] },
): RuleFinding[] {
  // By the whole path: what is printed of one may be cut.
  const nameOf = createPathNames();
  const keyOf = (finding: RuleFinding): string => nameOf([finding.rule, ...finding.path]);
  const seen = new Set(known.findings.map(keyOf));
  const kept: RuleFinding[] = [];
  for (const finding of fresh.findings) {
    const isKnown =
      seen.has(keyOf(finding)) &&
      deepEqual(read(fresh.object, ...finding.path), read(known.object, ...finding.path));
    if (!isKnown) kept.push(finding);
    else if (finding.action === 'deny') kept.push({ ...finding, action: 'warn' });
  }
  return kept;
}
