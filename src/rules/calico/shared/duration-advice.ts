import { isTooLongForGo } from '../../../formats/duration.ts';
import type { Explanation } from '../../../policy/message.ts';

/** What is wrong with a text that Go does not read as a duration, and what to write instead. */
export function adviseDuration(text: string, example: string): Explanation {
  if (text === '')
    return { problem: 'the duration is empty', advice: `remove it, or write a duration such as ${example}` };
  if (isTooLongForGo(text)) {
    return {
      problem: 'longer than 292 years, the limit of a duration',
      advice: `write a shorter duration, such as ${example}`,
    };
  }
  return { problem: 'invalid duration', advice: `write a duration such as ${example}` };
}
