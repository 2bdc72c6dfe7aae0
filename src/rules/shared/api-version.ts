import { type JsonObject, readString } from '../../policy/json.ts';
import { listAlternatives } from '../../policy/message.ts';
import type { Finding } from '../../policy/types.ts';

/** An apiVersion that no known release serves; a newer release may serve more. */
export function* checkApiVersion(object: JsonObject, served: readonly string[]): Generator<Finding> {
  const got = readString(object, 'apiVersion');
  if (got === undefined || served.includes(got)) return;
  yield {
    path: ['apiVersion'],
    reason: 'FieldValueNotSupported',
    problem: 'no release serves this kind in this version',
    got,
    advice: `write ${listAlternatives(served)}`,
  };
}
