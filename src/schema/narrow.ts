import { isMap, readMap } from '../policy/json.ts';
import type { JsonSchema } from './json-schema.ts';

/** Most entries of one map or list of which every mistake is told. */
const MAX_ENTRIES = 1000;

/**
 * A copy of the value with only what the schema speaks of, and of each map and list only so many entries. A validator
 * that tells every mistake makes an object of each, and a body of a few megabytes can hold millions.
 */
export function narrow(value: unknown, schema: JsonSchema, references: readonly JsonSchema[]): unknown {
  const reference = resolveReference(schema, references);
  if (reference !== schema) return narrow(value, reference, references);
  if (Array.isArray(value)) {
    const items = readMap(schema, 'items');
    const entries = items === undefined ? [] : value.slice(0, MAX_ENTRIES);
    return entries.map((entry) => narrow(entry, items ?? {}, references));
  }
  if (!isMap(value)) return value;
  const properties = readMap(schema, 'properties') ?? {};
  const others = schema['additionalProperties'];
  // A map without a prototype, because `__proto__` is a key like any other.
  const copy: Record<string, unknown> = Object.create(null);
  for (const [name, property] of Object.entries(properties)) {
    if (isMap(property) && Object.hasOwn(value, name)) copy[name] = narrow(value[name], property, references);
  }
  if (others === undefined) return copy;
  let left = MAX_ENTRIES;
  for (const name in value) {
    if (left === 0) break;
    if (Object.hasOwn(properties, name) || !Object.hasOwn(value, name)) continue;
    copy[name] = isMap(others) ? narrow(value[name], others, references) : value[name];
    left -= 1;
  }
  return copy;
}

/** What a schema refers to, or the schema itself. */
export function resolveReference(schema: JsonSchema, references: readonly JsonSchema[]): JsonSchema {
  return references.find((each) => each['$id'] === schema['$ref']) ?? schema;
}

export function inlineReferences(schema: JsonSchema, references: readonly JsonSchema[]): JsonSchema {
  const inline = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inline);
    if (!isMap(value)) return value;
    return Object.fromEntries(
      Object.entries(resolveReference(value, references)).map(([key, below]) => [key, inline(below)]),
    );
  };
  const inlined = inline(schema);
  return isMap(inlined) ? inlined : schema;
}
