import { parseDuration } from '../formats/duration.ts';
import { DeadlineExceededError } from '../policy/deadline.ts';

/** kube-apiserver allows a webhook at most 30 seconds, whatever the query says. */
export const MAX_TIMEOUT_MS = 30_000;

/**
 * Milliseconds of the `timeout` query of kube-apiserver: a Go duration in whole seconds, at least one second. Any
 * other text means the maximum.
 */
export function parseTimeout(text: string | undefined): number {
  const total = parseDuration(text ?? '') ?? 0;
  if (total <= 0) return MAX_TIMEOUT_MS;
  return Math.min(Math.max(Math.ceil(total / 1000) * 1000, 1000), MAX_TIMEOUT_MS);
}

/**
 * The clock is read at one of so many calls of a checkpoint: reading it at each call takes longer than most rules.
 */
export const CALLS_PER_READING = 16;

/**
 * Throws {@link DeadlineExceededError} when it is called at or after the deadline; both times in milliseconds. The
 * first call reads the clock, because the parser has run before it. Later calls notice the deadline after at most
 * {@link CALLS_PER_READING} calls.
 */
export function createCheckpoint(deadline: number, now: () => number): () => void {
  let calls = 0;
  return () => {
    if (calls % CALLS_PER_READING === 0 && now() >= deadline)
      throw new DeadlineExceededError('the deadline of the request has passed');
    calls += 1;
  };
}
