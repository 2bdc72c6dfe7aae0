import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type ApiClient, ApiError } from '../../src/cluster/api.ts';
import { type Clock, pacedApi } from '../../src/cluster/pace.ts';

const HOUR = 3_600_000;
const REQUEST = { method: 'GET', path: '/a' } as const;

function failing(error: Error): ApiClient {
  const fail = () => Promise.reject(error);
  return {
    server: () => '',
    request: fail,
    untilChange: fail,
    time: () => undefined,
    namespace: () => undefined,
  };
}

/** Time passes by `advance` alone. */
function fakeClock() {
  let time = 0;
  /** What was waited for, in milliseconds. */
  const waits: number[] = [];
  const sleeping: { readonly until: number; readonly wake: () => void }[] = [];
  const clock: Clock = {
    now: () => time,
    sleep: (milliseconds, signal) => {
      waits.push(milliseconds);
      return new Promise((wake, reject) => {
        signal?.throwIfAborted();
        signal?.addEventListener('abort', () => reject(signal.reason));
        sleeping.push({ until: time + milliseconds, wake });
      });
    },
  };
  const advance = (milliseconds: number) => {
    time += milliseconds;
    for (const { until, wake } of sleeping) if (until <= time) wake();
  };
  return { clock, waits, advance };
}

/** The name of the error of a call that is given up if it is still waiting when everything else has been done. */
async function outcomeOf(call: (signal: AbortSignal) => Promise<unknown>): Promise<string> {
  const controller = new AbortController();
  const outcome = call(controller.signal).then(String, (error: Error) => error.name);
  await nextTurn();
  controller.abort();
  return outcome;
}

describe('an API server that is called by the pace', () => {
  const failure = new ApiError('GET', '/a', 500);
  const broken = Object.assign(new Error('broken'), { code: 'ECONNRESET' });
  const absent = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  it.each([
    ['answers', failure, ['ApiError', 'ApiError', 'AbortError', 'AbortError'], [HOUR, HOUR]],
    ['breaks off', broken, ['Error', 'Error', 'AbortError', 'AbortError'], [HOUR, HOUR]],
    ['is not there', absent, ['Error', 'Error', 'Error', 'Error'], []],
  ])(
    'is held back by its answers, and not by its absence: one that %s',
    async (_what, error, expected, held) => {
      const { clock, waits } = fakeClock();
      const api = pacedApi(failing(error), { burst: 2, perSecond: 1 / 3600 }, clock);
      const outcomes: string[] = [];
      for (let i = 0; i < expected.length; i += 1) {
        outcomes.push(await outcomeOf((signal) => api.request({ ...REQUEST, signal })));
      }
      expect(outcomes).toEqual(expected);
      expect(waits).toEqual(held);
    },
  );

  it('has watches counted among the calls, and none that was given up while it waited', async () => {
    const { clock, waits, advance } = fakeClock();
    const api = pacedApi(failing(new ApiError('GET', '/a', 410)), { burst: 1, perSecond: 20 }, clock);
    const watch = (signal: AbortSignal) => api.untilChange('/a', signal);
    expect(await outcomeOf(watch)).toBe('ApiError');
    for (let i = 0; i < 100; i += 1) expect(await outcomeOf(watch)).toBe('AbortError');
    // Each of them would have taken the turn of the next one.
    expect(waits).toEqual(Array(100).fill(50));
    const outcome = watch(new AbortController().signal).catch((error: Error) => error.name);
    advance(50);
    expect(await outcome).toBe('ApiError');
  });

  it('is called so many times a second in the long run, and in a burst after a quiet time', async () => {
    const { clock, waits, advance } = fakeClock();
    const api = pacedApi(failing(failure), { burst: 3, perSecond: 10 }, clock);
    const call = () => outcomeOf((signal) => api.request({ ...REQUEST, signal }));
    const several = async () => [await call(), await call(), await call(), await call()];
    const burst = ['ApiError', 'ApiError', 'ApiError', 'AbortError'];
    expect(await several()).toEqual(burst);
    advance(HOUR);
    expect(await several()).toEqual(burst);
    advance(100);
    expect(await several()).toEqual(['ApiError', 'AbortError', 'AbortError', 'AbortError']);
    expect(waits).toEqual(Array(5).fill(100));
  });

  it('is called by the time of the machine where no other is given', async () => {
    const api = pacedApi(failing(failure), { burst: 1, perSecond: 1000 });
    for (let i = 0; i < 3; i += 1) await expect(api.request(REQUEST)).rejects.toBe(failure);
    const slow = pacedApi(failing(failure), { burst: 1, perSecond: 1 / 3600 });
    await expect(slow.request(REQUEST)).rejects.toBe(failure);
    expect(await outcomeOf((signal) => slow.request({ ...REQUEST, signal }))).toBe('AbortError');
  });
});
