import { parseDuration } from '../formats/duration.ts';
import { DeadlineExceededError } from '../policy/deadline.ts';

/** kube-apiserver allows a webhook 30 seconds at most; nobody waits longer, whatever the query says. */
export const MAX_TIMEOUT_MS = 30_000;

/**
 * Milliseconds of the `timeout` query that kube-apiserver adds: a Go duration, in whole seconds and at least one,
 * as it always writes it. Anything that is no positive duration says nothing, and the maximum holds.
 */
export function parseTimeout(text: string | undefined): number {
  const total = parseDuration(text ?? '') ?? 0;
  if (total <= 0) return MAX_TIMEOUT_MS;
  return Math.min(Math.max(Math.ceil(total / 1000) * 1000, 1000), MAX_TIMEOUT_MS);
}

/** Of so many calls of a checkpoint one reads the clock: read at each of them it takes longer than most rules. */
export const CALLS_PER_READING = 16;

/**
 * Throws {@link DeadlineExceededError} when called at or after the deadline; both times in milliseconds. The first
 * call finds out at once, for it comes after the parser; a later one after {@link CALLS_PER_READING} at most.
 */
export function createCheckpoint(deadline: number, now: () => number): () => void {
  let calls = 0;
  return () => {
    if (calls % CALLS_PER_READING === 0 && now() >= deadline)
      throw new DeadlineExceededError('the deadline of the request has passed');
    calls += 1;
  };
}
