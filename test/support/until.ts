import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Waits until the condition is true. Only the time limit of the test ends the wait, so that a busy machine does not
 * matter. It needs no timers, so that a test can use fake ones.
 */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await nextTurn();
}
