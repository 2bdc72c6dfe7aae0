import type { FieldPath } from '../../../policy/field-path.ts';
import { isUnset, type JsonObject, read, readList } from '../../../policy/json.ts';
import { listFilterRules } from './filter-rules.ts';

export interface WrittenAsNumber {
  readonly path: FieldPath;
  readonly value: unknown;
}

/** All AS numbers of a BGPPeer or a BGPFilter. */
export function* listAsNumbers(spec: JsonObject): Generator<WrittenAsNumber> {
  for (const field of ['asNumber', 'localASNumber']) {
    const value = read(spec, field);
    if (!isUnset(value)) yield { path: ['spec', field], value };
  }
  for (const { path, rule } of listFilterRules(spec)) {
    yield* inList([...path, 'asPathPrefix'], readList(rule, 'asPathPrefix'));
    for (const [index, operation] of readList(rule, 'operations').entries()) {
      const place = ['prependASPath', 'prefix'];
      yield* inList([...path, 'operations', index, ...place], readList(operation, ...place));
    }
  }
}

function* inList(path: FieldPath, list: readonly unknown[]): Generator<WrittenAsNumber> {
  for (const [index, value] of list.entries()) yield { path: [...path, index], value };
}
