import { readMap } from '../../policy/json.ts';
import { listAlternatives } from '../../policy/message.ts';
import type { Finding } from '../../policy/types.ts';
import { type ValueProblem, wordsOf } from '../../schema/values.ts';

/** Fields that a schema requires and that are missing. */
export function* findMissing(problems: readonly ValueProblem[]): Generator<Finding> {
  for (const { keyword, path, schema } of problems) {
    if (keyword !== 'required') continue;
    const words = wordsOf(readMap(schema, 'properties', String(path.at(-1))) ?? {});
    const advice = words.length > 0 ? `write ${listAlternatives(words)}` : 'add the field';
    yield { path, reason: 'FieldValueRequired', problem: 'the field is missing', advice };
  }
}
