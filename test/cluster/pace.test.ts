import { describe, expect, it } from 'vitest';
import { type Api, ApiError } from '../../src/cluster/api.ts';
import { pacedApi } from '../../src/cluster/pace.ts';

/** Two calls, and a third one in an hour. */
const LIMITS = { burst: 2, perSecond: 1 / 3600 };
const REQUEST = { method: 'GET', path: '/a' } as const;

function failing(error: Error): Api {
  const fail = () => Promise.reject(error);
  return { request: fail, untilChange: fail, time: () => undefined, namespace: () => undefined };
}

async function call(api: Api): Promise<string> {
  const signal = AbortSignal.timeout(50);
  return api.request({ ...REQUEST, signal }).then(String, (error: Error) => error.name);
}

describe('an API server that is called by the pace', () => {
  it.each([
    ['answers', new ApiError('GET', '/a', 500), ['ApiError', 'ApiError', 'AbortError', 'AbortError']],
    [
      'breaks off',
      Object.assign(new Error('broken'), { code: 'ECONNRESET' }),
      ['Error', 'Error', 'AbortError', 'AbortError'],
    ],
    [
      'is not there',
      Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
      ['Error', 'Error', 'Error', 'Error'],
    ],
  ])('is held back by its answers, and not by its absence: one that %s', async (_what, error, expected) => {
    const api = pacedApi(failing(error), LIMITS);
    const outcomes: string[] = [];
    for (let i = 0; i < expected.length; i += 1) outcomes.push(await call(api));
    expect(outcomes).toEqual(expected);
  });

  it('has watches counted among the calls, and none that was given up while it waited', async () => {
    const api = pacedApi(failing(new ApiError('GET', '/a', 410)), { burst: 1, perSecond: 20 });
    const watch = (signal: AbortSignal) => api.untilChange('/a', signal).catch((error: Error) => error.name);
    expect(await watch(AbortSignal.timeout(5000))).toBe('ApiError');
    // Each would take a turn of the next one, and with it 50 ms.
    for (let i = 0; i < 100; i += 1) expect(await watch(AbortSignal.abort())).toBe('AbortError');
    expect(await watch(AbortSignal.timeout(2500))).toBe('ApiError');
  });
});
