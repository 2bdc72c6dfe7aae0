// A list in a request can hold a hundred thousand items, and one process serves all requests. So rules see only the first
// items of a list, and this rule reports that the rest was not evaluated.
import type { Rule, ShortenedList } from '../../policy/types.ts';
import { MAX_ITEMS, MAX_MAPS } from '../../schema/bound.ts';

export interface TooManyItemsOptions {
  /** First part of the ids of the kinds' rules. */
  readonly family: string;
  /** An object with the list `{items}`. */
  readonly example: string;
  /** The items of the good example, and the item that the bad example repeats too often. */
  readonly few: string;
  readonly item: string;
  /** The number of items that are evaluated. */
  readonly most: number;
}

/** The rule of a family of kinds: their targets shorten the lists, and the rule reports it. */
export function createTooManyItems({
  family,
  example,
  few,
  item,
  most,
}: TooManyItemsOptions): Rule<{ readonly shortened: readonly ShortenedList[] }> {
  const many = Array(most + 1).fill(item);
  return {
    id: `${family}/too-many-items`,
    title: 'a list should have no more items than are evaluated',
    action: 'warn',
    docs: {
      why: `Rules see the first ${MAX_MAPS} maps of a list, and ${MAX_ITEMS} items of all lists of an object together. This bounds the time that one object can take. The items after the limit are not evaluated, so mistakes in them are not reported.`,
      fix: 'Write fewer items, or check the items after the limit yourself.',
      good: example.replace('{items}', () => `[${few}]`),
      bad: example.replace('{items}', () => `[${many.join(', ')}]`),
      source: 'calico-admission, SECURITY.md (Limits)',
      since: '0.1.0',
    },
    *check({ shortened }) {
      for (const { path, length, kept } of shortened) {
        yield {
          path,
          reason: 'FieldValueInvalid',
          problem: `only the first ${kept} items are evaluated`,
          got: length,
          advice: `write at most ${MAX_MAPS} maps in one list, and ${MAX_ITEMS} items in all`,
        };
      }
    },
  };
}
