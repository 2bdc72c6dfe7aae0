import { setTimeout as sleep } from 'node:timers/promises';

/** Lets a number of calls pass at once, and then so many a second, whatever happens: no fault makes a hot loop. */
export interface Pace {
  /** Resolves when a call may be made. @throws when `signal` is aborted before */
  turn(signal?: AbortSignal): Promise<void>;
}

/** @param limits `burst` calls at once after a quiet time, `perSecond` in the long run */
export function createPace(limits: { readonly burst: number; readonly perSecond: number }): Pace {
  let left = limits.burst;
  let at = performance.now();
  return {
    async turn(signal) {
      const now = performance.now();
      left = Math.min(limits.burst, left + ((now - at) / 1000) * limits.perSecond);
      at = now;
      left -= 1;
      if (left < 0)
        await sleep((-left / limits.perSecond) * 1000, undefined, { ref: false, ...(signal && { signal }) });
    },
  };
}

const FIRST_MS = 500;
/** So short that what a restarted API server is to be told of is told within five seconds. */
const LONGEST_MS = 4000;

/** How long to wait after so many failures in a row, in milliseconds: doubling, uneven, and never long. */
export function backoff(failures: number, random: () => number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS) * (0.5 + random() / 2);
}
