import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    form: 'short' | 'full' | 'write';
  }
}

/** Times are promised for the full form on a machine that has nothing else to do; a short one only reports them. */
export function isFull(): boolean {
  return inject('form') !== 'short';
}

/**
 * Requests a second, so many in the full form. A short one looks for mistakes and not for what a machine can carry: of
 * CI's the host has been seen to take 70 %, and a server that is called at the full rate then fails by waiting.
 */
export function rateOf(full: number): number {
  return isFull() ? full : full / 4;
}

/** So much in the full form; a tenth of it, but at least `atLeast`, in the short one. */
export function scaled(full: number, atLeast = 1): number {
  return isFull() ? full : Math.max(Math.ceil(full / 10), atLeast);
}
