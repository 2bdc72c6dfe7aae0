import type { FastifyRequest } from 'fastify';

/** Hardly any Shoot comes near this size, old object included. */
const LARGE = 1024 * 1024;

/** Most large bodies that are read at once: with all of them at the body limit that is 128 MiB. */
export const MAX_LARGE_BODIES = 16;

/**
 * Bounds the memory that uploads can hold, however many connections they use. A body of unknown length counts as
 * large.
 */
export function limitLargeBodies() {
  let open = 0;
  return {
    /** Whether the body may be read; if so, `release` must follow when its request has ended. */
    admit(): boolean {
      if (open >= MAX_LARGE_BODIES) return false;
      open += 1;
      return true;
    },
    release(): void {
      open -= 1;
    },
  };
}

/** Node forgets what comes after a hundred headers: to say nothing of a length is not to have none. */
export function hasLargeBody({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): boolean {
  const length = headers['content-length'];
  return length === undefined ? method === 'POST' : Number(length) > LARGE;
}
