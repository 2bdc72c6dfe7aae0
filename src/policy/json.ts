/**
 * Limit of the nesting of a review or a file: rules and outputs are recursive. The limit of kube-apiserver is 10,000,
 * but no real object comes near 256.
 */
export const MAX_DEPTH = 256;

/** A JSON object as it was received: any key, any value. */
export interface JsonObject {
  readonly [key: string]: unknown;
}

export function isMap(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The value at a path, or undefined where a step is missing. Only own properties count: `constructor` and `__proto__`
 * are legal keys of a Kubernetes object, and inherited values must never be read.
 */
export function read(value: unknown, ...path: readonly (string | number)[]): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    const next = (at as JsonObject)[step];
    // Most fields are unset, and need no further check.
    if (next === undefined || !Object.hasOwn(at, step)) return undefined;
    at = next;
  }
  return at;
}

export function readMap(value: unknown, ...path: readonly (string | number)[]): JsonObject | undefined {
  const at = read(value, ...path);
  return isMap(at) ? at : undefined;
}

export function readString(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const at = read(value, ...path);
  return typeof at === 'string' ? at : undefined;
}

export function readBoolean(value: unknown, ...path: readonly (string | number)[]): boolean | undefined {
  const at = read(value, ...path);
  return typeof at === 'boolean' ? at : undefined;
}

export function readList(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const at = read(value, ...path);
  return Array.isArray(at) ? at : [];
}

/** Go decodes null and an absent field to the same zero value. Both mean unset. */
export function isUnset(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** Structural equality of two parsed JSON values; the order of keys does not matter. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => deepEqual(item, b[index]));
  }
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) if (!Object.hasOwn(b, key) || !deepEqual(a[key], b[key])) return false;
  return true;
}
