import { createPathNames } from './field-path.ts';
import { deepEqual, read } from './json.ts';
import type { Judgement } from './types.ts';

/**
 * An update is not refused for what the old object, judged alone, already had: the same rule at the same path with
 * the same value. A landscape that turns a rule on would otherwise block every later change of an old object, down
 * to the removal of a finalizer. A known denial becomes a warning; a known warning is not repeated.
 */
export function ratchet(
  fresh: { readonly object: unknown; readonly judgements: readonly Judgement[] },
  known: { readonly object: unknown; readonly judgements: readonly Judgement[] },
): Judgement[] {
  // By the whole path: what is printed of one may be cut.
  const nameOf = createPathNames();
  const keyOf = (judgement: Judgement): string => nameOf([judgement.rule, ...judgement.path]);
  const seen = new Set(known.judgements.map(keyOf));
  const kept: Judgement[] = [];
  for (const judgement of fresh.judgements) {
    const isKnown =
      seen.has(keyOf(judgement)) &&
      deepEqual(read(fresh.object, ...judgement.path), read(known.object, ...judgement.path));
    if (!isKnown) kept.push(judgement);
    else if (judgement.action === 'deny') kept.push({ ...judgement, action: 'warn' });
  }
  return kept;
}
