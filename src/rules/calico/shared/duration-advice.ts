import { isTooLongForGo } from '../../../formats/duration.ts';
import type { Explanation } from '../../../policy/message.ts';

/** What is wrong with a text that Go does not read as a duration, and what to write instead. */
export function adviseDuration(text: string, example: string): Explanation {
  if (text === '')
    return { problem: 'an empty duration', advice: `remove it, or write one such as ${example}` };
  if (isTooLongForGo(text)) {
    return {
      problem: 'longer than 292 years, the most that a duration can be',
      advice: `write a shorter one, such as ${example}`,
    };
  }
  return { problem: 'not a duration', advice: `write one such as ${example}` };
}
