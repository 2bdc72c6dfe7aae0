import { isMap, type JsonObject, read, readMap } from '../policy/json.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { RuleFinding } from '../policy/types.ts';
import { type Document, evaluateDocument, findPolicy } from './bundle.ts';

/** A placeholder for a value that is written elsewhere, or nowhere. */
const ELSEWHERE = '{{_}}';
/** Limit of the depth to which placeholders are filled in. */
const MAX_DEPTH = 12;

/**
 * The findings of a part of an object, such as a patch, that are true whatever the other parts are. A field that the
 * part does not write has no finding.
 * @returns undefined where it is not ours
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

/** A copy of the map with a placeholder for each value that the schema has and the map does not have. */
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
    // A map without known fields may be absent.
    return value === undefined && Object.keys(filled).length === 0 ? undefined : filled;
  }
  const items = readMap(schema, 'items');
  if (Array.isArray(value) && items !== undefined) {
    return value.map((item) => (isMap(item) ? fillIn(item, items, depth) : item));
  }
  if (value !== undefined || types.includes('array') || types.includes(undefined)) return value;
  return ELSEWHERE;
}
