import { isUnset, read } from '../policy/json.ts';

/** Whether an object is on its way out; a refused update of it would block the removal of its finalizers for ever. */
export function isDeleting(object: unknown): boolean {
  return !isUnset(read(object, 'metadata', 'deletionTimestamp'));
}
