import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    form: 'short' | 'full' | 'write';
  }
}

/** Times are promised for the full form on a machine that has nothing else to do; a short one tells what it saw. */
export function isFull(): boolean {
  return inject('form') !== 'short';
}

/** So much in the full form; a tenth of it, but at least `atLeast`, in the short one. */
export function scaled(full: number, atLeast = 1): number {
  return isFull() ? full : Math.max(Math.ceil(full / 10), atLeast);
}
