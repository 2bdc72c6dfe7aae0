// A list of a body can hold a hundred thousand items, and one process answers for everybody. So rules see the first
// items of a list; whoever writes more has to know that the rest was not looked at.
import type { Rule, ShortenedList } from '../../policy/types.ts';
import { MAX_ITEMS, MAX_MAPS } from '../../schema/bound.ts';

export interface TooManyItemsOptions {
  /** First part of the ids of the kinds' rules. */
  readonly family: string;
  /** An object with the list `{items}`. */
  readonly example: string;
  /** As few items as a list of the example may have, and one of those that it may not have more of. */
  readonly few: string;
  readonly item: string;
  /** How many of the list are evaluated. */
  readonly most: number;
}

/** The rule of a family of kinds: their targets shorten the lists, and it tells. */
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
    title: 'every item of a list is evaluated',
    action: 'warn',
    docs: {
      why: `Rules see the first ${MAX_MAPS} maps of a list, and ${MAX_ITEMS} items of all lists of an object, so that no object takes the server's time from others. The items after them are not evaluated: nobody tells of a mistake there.`,
      fix: 'Write fewer items, or check those after the limit yourself.',
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
