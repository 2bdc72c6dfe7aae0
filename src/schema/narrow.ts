import { isMap, readMap } from '../policy/json.ts';
import type { JsonSchema } from './json-schema.ts';

/** Limit of the entries of one map or list whose mistakes are all reported. */
const MAX_ENTRIES = 1000;

/**
 * A copy of the value with only the fields of the schema, and a limited number of entries of each map and list. A
 * validator that reports all mistakes makes an object for each, and a body of a few megabytes can have millions.
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

/** The schema that a reference names, or the schema itself. */
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
