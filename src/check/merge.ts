import { type FieldPath, parsePointer } from '../policy/field-path.ts';
import { isMap, type JsonObject, read, readString } from '../policy/json.ts';

/** Called for each value that a patch writes, with its path in the object and in the patch. */
export type Origin = (path: FieldPath, at: FieldPath) => void;

/** The result of a patch. Undefined where only kustomize can apply it. */
export type Patched = { readonly value: unknown } | undefined;

/**
 * A strategic merge: maps are merged, null removes a field, and lists are replaced. In kinds of Kubernetes itself,
 * lists of maps with names are merged by name.
 */
export function mergePatch(object: JsonObject, patch: JsonObject, onWrite: Origin): Patched {
  const isBuiltIn = !(readString(object, 'apiVersion') ?? '').split('/')[0]?.includes('.');
  const merger = { isBuiltIn, onWrite, isLost: false };
  const value = mergeMaps(object, patch, [], [], merger);
  return merger.isLost ? undefined : { value };
}

interface Merger {
  readonly isBuiltIn: boolean;
  readonly onWrite: Origin;
  isLost: boolean;
}

function mergeMaps(map: JsonObject, patch: JsonObject, path: FieldPath, at: FieldPath, merger: Merger) {
  const merged = new Map(Object.entries(map));
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) merger.isLost = true;
    if (value === null) merged.delete(key);
    else merged.set(key, mergeValue(merged.get(key), value, [...path, key], [...at, key], merger));
  }
  return Object.fromEntries(merged);
}

function mergeValue(
  before: unknown,
  value: unknown,
  path: FieldPath,
  at: FieldPath,
  merger: Merger,
): unknown {
  if (isMap(value) && isMap(before)) return mergeMaps(before, value, path, at, merger);
  if (merger.isBuiltIn && isNamed(before) && isNamed(value))
    return mergeNamed(before, value, path, at, merger);
  merger.onWrite(path, at);
  return value;
}

function isNamed(list: unknown): list is JsonObject[] {
  return (
    Array.isArray(list) && list.length > 0 && list.every((item) => typeof read(item, 'name') === 'string')
  );
}

function mergeNamed(
  before: readonly JsonObject[],
  items: readonly JsonObject[],
  path: FieldPath,
  at: FieldPath,
  merger: Merger,
): unknown {
  const merged: unknown[] = [...before];
  for (const [index, item] of items.entries()) {
    const found = before.findIndex((each) => each['name'] === item['name']);
    const place = found < 0 ? merged.length : found;
    const inner = mergeValue(before[found], item, [...path, place], [...at, index], merger);
    if (found < 0) merged.push(inner);
    else merged[found] = inner;
  }
  return merged;
}

/**
 * Applies the operations of a JSON patch (RFC 6902) that need nothing else. With any other operation the result is
 * unknown.
 */
export function applyOperations(object: unknown, operations: readonly unknown[], onWrite: Origin): Patched {
  let value = object;
  for (const [index, operation] of operations.entries()) {
    const op = readString(operation, 'op');
    const pointer = readString(operation, 'path');
    if (op === 'test') continue;
    if (pointer === undefined || !['add', 'replace', 'remove'].includes(op ?? '')) return undefined;
    const steps = parsePointer(pointer);
    const path: (string | number)[] = [];
    const after = change(value, steps, op === 'remove' ? undefined : { value: read(operation, 'value') }, {
      path,
      isInserted: op === 'add',
    });
    if (after === undefined) return undefined;
    value = after.value;
    if (op !== 'remove') onWrite(path, [index, 'value']);
  }
  return { value };
}

interface Change {
  /** Receives the steps as they are in the object. */
  readonly path: (string | number)[];
  /** Inserted into a list: the items after it move. */
  readonly isInserted: boolean;
}

function change(at: unknown, steps: readonly string[], to: Patched, how: Change): Patched {
  const [step, ...below] = steps;
  if (step === undefined) return to;
  if (Array.isArray(at)) return changeItem(at, step, below, to, how);
  if (!isMap(at)) return undefined;
  how.path.push(step);
  const entries = new Map(Object.entries(at));
  if (below.length > 0) {
    const inner = change(entries.get(step), below, to, how);
    if (inner === undefined) return undefined;
    entries.set(step, inner.value);
  } else if (to === undefined) entries.delete(step);
  else entries.set(step, to.value);
  return { value: Object.fromEntries(entries) };
}

function changeItem(
  list: readonly unknown[],
  step: string,
  below: readonly string[],
  to: Patched,
  how: Change,
): Patched {
  const index = step === '-' ? list.length : Number(step);
  if (!Number.isInteger(index) || index < 0 || index > list.length) return undefined;
  how.path.push(index);
  if (below.length > 0) {
    const inner = change(list[index], below, to, how);
    return inner && { value: list.with(index, inner.value) };
  }
  if (to === undefined) return { value: list.filter((_, each) => each !== index) };
  return { value: list.toSpliced(index, how.isInserted ? 0 : 1, to.value) };
}
