import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../errors.ts';
import type { ApiClient } from './api.ts';

/** Lets a number of calls pass at once, and then so many a second, whatever happens: no fault makes a hot loop. */
interface Pace {
  /** Resolves when a call may be made. @throws when `signal` is aborted before */
  turn(signal?: AbortSignal): Promise<void>;
  /** Takes a call back that was not made. */
  giveBack(): void;
}

/** Errors of a connection that there never was. */
const UNREACHED: readonly unknown[] = [
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];

/**
 * An API server that is called no more often than `limits` let. A call that nobody was there to take does not count:
 * those of an outage would be missing when there is much to repair, at its end.
 */
export function pacedApi(api: ApiClient, limits: Limits, clock: Clock = CLOCK): ApiClient {
  const pace = createPace(limits, clock);
  const call = async <T>(signal: AbortSignal | undefined, make: () => Promise<T>): Promise<T> => {
    await pace.turn(signal);
    try {
      return await make();
    } catch (error) {
      if (UNREACHED.includes(errorCode(error))) pace.giveBack();
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

/** `burst` calls at once after a quiet time, `perSecond` in the long run. */
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

/** The machine's own. Whoever waits does not keep the process alive. */
const CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { ref: false, ...(signal && { signal }) }),
};

function createPace(limits: Limits, clock: Clock): Pace {
  let left = limits.burst;
  let at = clock.now();
  return {
    async turn(signal) {
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
    giveBack() {
      left += 1;
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
