import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Waits until it is so, however long that takes a busy machine; the time limit of the test is the end. Needs no
 * timers, so that a test can hold them.
 */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await nextTurn();
}
