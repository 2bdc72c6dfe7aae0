import { createPathNames } from './field-path.ts';
import { deepEqual, read } from './json.ts';
import type { RuleFinding } from './types.ts';

/**
 * An update is not rejected for a finding that the old object already had: the same rule, path and value. Otherwise a
 * rule that an operator turns on would block every later change of an existing object, even the removal of a
 * finalizer. A denial that the old object had becomes a warning. A warning that it had is left out.
 */
export function ratchet(
  fresh: { readonly object: unknown; readonly findings: readonly RuleFinding[] },
  known: { readonly object: unknown; readonly findings: readonly RuleFinding[] },
): RuleFinding[] {
  // By the whole path: the printed path may be cut.
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
