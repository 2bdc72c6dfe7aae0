import { isMap, type JsonObject, read, readMap } from '../policy/json.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { RuleFinding } from '../policy/types.ts';
import { type Document, evaluateDocument, findPolicy } from './bundle.ts';

/** Stands for a value that is written somewhere else, or nowhere. */
const ELSEWHERE = '{{_}}';
/** Beyond it nothing more is assumed. */
const MAX_DEPTH = 12;

/**
 * What there is to say of a part of an object, such as a patch: what holds whatever stands in the rest. Of what it does
 * not write nothing is claimed, neither that it is missing nor what it is.
 * @returns undefined where it is none of ours
 */
export function evaluatePart(
  registry: Registry,
  settings: PolicySettings,
  document: Document,
): readonly RuleFinding[] | undefined {
  const { object } = document;
  const schema = findPolicy(registry, object)?.target.schema?.();
  const filled = isMap(object) && schema !== undefined ? fillIn(object, schema, 0) : object;
  const alone = evaluateDocument(registry, settings, { ...document, object: filled });
  if (alone === undefined) return undefined;
  return (alone.findings ?? []).filter(({ path }) => path.length > 0 && read(object, ...path) !== undefined);
}

/** The map with something that nobody knows wherever the schema has a value and the map has none. */
function fillIn(map: JsonObject, schema: JsonObject, depth: number): JsonObject {
  const properties = depth < MAX_DEPTH ? Object.entries(readMap(schema, 'properties') ?? {}) : [];
  const filled = properties
    .filter(([name]) => depth > 0 || name === 'spec')
    .flatMap(([name, each]) => {
      const value = fillValue(map[name], each, depth + 1);
      return value === undefined ? [] : [[name, value] as const];
    });
  return Object.fromEntries([...Object.entries(map), ...filled]);
}

function fillValue(value: unknown, schema: unknown, depth: number): unknown {
  const types = [read(schema, 'type')].flat();
  if (!isMap(schema)) return value;
  if (isMap(value) || (value === undefined && types.includes('object'))) {
    const filled = fillIn(isMap(value) ? value : {}, schema, depth);
    // A map that nothing is known of may as well not be there.
    return value === undefined && Object.keys(filled).length === 0 ? undefined : filled;
  }
  const items = readMap(schema, 'items');
  if (Array.isArray(value) && items !== undefined) {
    return value.map((item) => (isMap(item) ? fillIn(item, items, depth) : item));
  }
  if (value !== undefined || types.includes('array') || types.includes(undefined)) return value;
  return ELSEWHERE;
}
