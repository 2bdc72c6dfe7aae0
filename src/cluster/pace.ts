import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../errors.ts';
import type { ApiClient } from './api.ts';

/** A rate limit: a number of calls at once, then so many calls per second, so that no fault makes a busy loop. */
interface Pace {
  /**
   * Resolves when a call may be made.
   * @throws when `signal` is aborted before
   */
  acquire(signal?: AbortSignal): Promise<void>;
  /** Returns a call that was not made. */
  release(): void;
}

/** Error codes of a connection that was never made. */
const UNREACHED: readonly unknown[] = [
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];

/**
 * Limits the rate of calls to an API server. A call that reached no server does not count: after an outage there is
 * much to repair, and the calls are needed then.
 */
export function pacedApi(api: ApiClient, limits: Limits, clock: Clock = CLOCK): ApiClient {
  const pace = createPace(limits, clock);
  const call = async <T>(signal: AbortSignal | undefined, make: () => Promise<T>): Promise<T> => {
    await pace.acquire(signal);
    try {
      return await make();
    } catch (error) {
      if (UNREACHED.includes(errorCode(error))) pace.release();
      throw error;
    }
  };
  return {
    server: () => api.server(),
    time: () => api.time(),
    namespace: () => api.namespace(),
    request: (request) => call(request.signal, () => api.request(request)),
    untilChange: (path, signal) => call(signal, () => api.untilChange(path, signal)),
  };
}

/** `burst` calls at once after an idle time, and `perSecond` calls in the long run. */
export interface Limits {
  readonly burst: number;
  readonly perSecond: number;
}

export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** @throws when `signal` is aborted before */
  sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void>;
}

/** The clock of the machine. Its timers do not keep the process alive. */
const CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { ref: false, ...(signal && { signal }) }),
};

function createPace(limits: Limits, clock: Clock): Pace {
  let left = limits.burst;
  let at = clock.now();
  return {
    async acquire(signal) {
      const now = clock.now();
      left = Math.min(limits.burst, left + ((now - at) / 1000) * limits.perSecond);
      at = now;
      left -= 1;
      if (left >= 0) return;
      try {
        await clock.sleep((-left / limits.perSecond) * 1000, signal);
      } catch (error) {
        left += 1;
        throw error;
      }
    },
    release() {
      left += 1;
    },
  };
}

const FIRST_MS = 500;
/** So short that the caBundles are repaired within five seconds after an API server restarts. */
const LONGEST_MS = 4000;

/**
 * The wait after so many failures in a row, in milliseconds. It doubles, is partly random, and has an upper limit.
 */
export function backoff(failures: number, random: () => number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS) * (0.5 + random() / 2);
}
