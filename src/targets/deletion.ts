import { isUnset, read } from '../policy/json.ts';

/** Whether an object is being deleted. To reject an update of it would block the removal of its finalizers. */
export function isDeleting(object: unknown): boolean {
  return !isUnset(read(object, 'metadata', 'deletionTimestamp'));
}
