import { type FieldPath, formatPath, formatPointer, parsePointer } from './field-path.ts';
import { deepEqual, isMap, isUnset, type JsonObject, read, readMap } from './json.ts';
import type { ConfigPlace, SetField } from './types.ts';

/** An RFC 6902 operation. We never remove, move or test. */
export interface PatchOperation {
  readonly op: 'add' | 'replace';
  readonly path: string;
  readonly value: unknown;
}

/** The place where a configuration is written, and its present value. */
interface PatchTarget extends ConfigPlace {
  readonly value: unknown;
}

/**
 * Two mutations write the same field, or one writes into the field of the other. This is our mistake, and tests find
 * it.
 */
export class ConflictingMutationsError extends Error {
  override name = 'ConflictingMutationsError';
}

/**
 * The smallest patch that makes the changes. Every operation applies to the object of the request: a patch that fails
 * is an error 500 for the user, whatever the failurePolicy is. Where the object has something else in the place of a
 * map, nothing is written. A change that changes nothing is left out, so that a second call makes no patch.
 */
export function buildPatch(target: PatchTarget, changes: readonly SetField[]): PatchOperation[] {
  expectNoConflicts(changes);
  if (isUnset(target.value)) {
    if (changes.length === 0) return [];
    const value = changes.reduce(setField, target.typeMeta);
    return [{ op: target.value === null ? 'replace' : 'add', path: formatPointer(target.path), value }];
  }
  if (!isMap(target.value)) return [];
  const operations: PatchOperation[] = [];
  // Each change sees the result of the changes before it.
  let config = target.value;
  for (const change of changes) {
    const operation = patchField(target.path, config, change);
    if (operation === undefined) continue;
    operations.push(operation);
    config = setField(config, change);
  }
  return operations;
}

function patchField(base: FieldPath, config: JsonObject, change: SetField): PatchOperation | undefined {
  // The path exists up to the first missing map. Everything below it is written as one new value.
  const gap = change.path.findIndex((_step, at) => !isMap(read(config, ...change.path.slice(0, at + 1))));
  const path = gap < 0 ? change.path : change.path.slice(0, gap + 1);
  const below = change.path.slice(path.length);
  const present = read(config, ...path);
  if (below.length > 0 && !isUnset(present)) return undefined;
  const value = below.reduceRight<unknown>((inner, key) => ({ [key]: inner }), change.value);
  if (deepEqual(present, value)) return undefined;
  return { op: present === undefined ? 'add' : 'replace', path: formatPointer([...base, ...path]), value };
}

/** A copy with the field set, and with the maps that it needs. */
function setField(config: JsonObject, { path, value }: Pick<SetField, 'path' | 'value'>): JsonObject {
  const [key = '', ...below] = path;
  const inner = below.length === 0 ? value : setField(readMap(config, key) ?? {}, { path: below, value });
  return { ...config, [key]: inner };
}

function expectNoConflicts(changes: readonly SetField[]): void {
  const pointers = changes.map((change) => `${formatPointer(change.path)}/`);
  for (const [index, change] of changes.entries()) {
    const pointer = `${formatPointer(change.path)}/`;
    if (pointers.some((other, at) => at !== index && other.startsWith(pointer))) {
      throw new ConflictingMutationsError(`two mutations write ${formatPath(change.path)}`);
    }
  }
}

/** Applies a patch of {@link buildPatch} to a copy of the object. Unchanged parts are shared. */
export function applyPatch(object: unknown, patch: readonly PatchOperation[]): unknown {
  return patch.reduce((at, { path, value }) => setAt(at, parsePointer(path), value), object);
}

function setAt(at: unknown, [step, ...below]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  const map = isMap(at) ? at : {};
  return { ...map, [step]: setAt(read(map, step), below, value) };
}
