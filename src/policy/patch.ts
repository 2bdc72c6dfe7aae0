import { type FieldPath, formatPath, formatPointer } from './field-path.ts';
import { deepEqual, isMap, isUnset, type JsonObject, read } from './json.ts';
import type { SetField } from './types.ts';

/** An RFC 6902 operation; we never remove, move or test. */
export interface PatchOperation {
  readonly op: 'add' | 'replace';
  readonly path: string;
  readonly value: unknown;
}

/** Where a configuration is to be written, and what stands there now. */
export interface PatchTarget {
  readonly path: FieldPath;
  readonly value: unknown;
  /** What a configuration that does not exist yet begins with: its apiVersion and kind. */
  readonly typeMeta: JsonObject;
}

/** Two mutations that write the same or overlapping fields: a mistake of ours, found by tests. */
export class ConflictingMutationsError extends Error {
  override name = 'ConflictingMutationsError';
}

/**
 * The smallest patch that makes the changes. Every operation is sure to apply to the object that came: a failing
 * patch is a 500 for the user, whatever the failurePolicy. A configuration that is neither a map nor unset is left
 * alone, and a change that changes nothing is left out, so that a second call patches nothing.
 */
export function buildPatch(target: PatchTarget, changes: readonly SetField[]): PatchOperation[] {
  refuseConflicts(changes);
  if (isUnset(target.value)) {
    if (changes.length === 0) return [];
    const value: Record<string, unknown> = { ...target.typeMeta };
    for (const change of changes) setNew(value, change.path, change.value);
    return [{ op: target.value === null ? 'replace' : 'add', path: formatPointer(target.path), value }];
  }
  if (!isMap(target.value)) return [];
  const operations: PatchOperation[] = [];
  for (const change of changes) {
    const operation = patchField(target.path, target.value, change);
    if (operation) operations.push(operation);
  }
  return operations;
}

function patchField(base: FieldPath, config: JsonObject, change: SetField): PatchOperation | undefined {
  // Descend as far as maps reach; what lies below the first gap is written as one new value.
  let parent: JsonObject = config;
  let depth = 0;
  while (depth < change.path.length - 1) {
    const next = read(parent, change.path[depth] ?? '');
    if (!isMap(next)) break;
    parent = next;
    depth += 1;
  }
  const key = String(change.path[depth]);
  const below = change.path.slice(depth + 1);
  const value = below.length === 0 ? change.value : setNew({}, below, change.value);
  const present = read(parent, key);
  if (deepEqual(present, value)) return undefined;
  const path = formatPointer([...base, ...change.path.slice(0, depth), key]);
  return { op: present === undefined ? 'add' : 'replace', path, value };
}

function setNew(into: Record<string, unknown>, path: FieldPath, value: unknown): Record<string, unknown> {
  const [head, ...rest] = path;
  const key = String(head);
  if (rest.length === 0) {
    into[key] = value;
    return into;
  }
  const inner = readRecord(into, key);
  into[key] = setNew(inner, rest, value);
  return into;
}

function readRecord(from: Record<string, unknown>, key: string): Record<string, unknown> {
  const inner = read(from, key);
  return isMap(inner) ? { ...inner } : {};
}

function refuseConflicts(changes: readonly SetField[]): void {
  const paths = changes.map((change) => `${formatPath(change.path)}.`);
  for (const [index, path] of paths.entries()) {
    if (paths.some((other, at) => at !== index && other.startsWith(path))) {
      throw new ConflictingMutationsError(`two mutations write ${path.slice(0, -1)}`);
    }
  }
}
