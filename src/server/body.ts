import type { IncomingMessage } from 'node:http';
import type { BodyBudget } from './body-budget.ts';

/** kube-apiserver accepts bodies of 3 MiB. A review has the object twice and may escape it. */
export const BODY_LIMIT = 8 * 1024 * 1024;

/** Limits of the memory that is allocated at once. */
const LEAST_SEGMENT = 1024;
const MOST_SEGMENT = 64 * 1024;

/** A client of a rejected body that has sent nothing for so long is waiting for the answer. */
export const SILENCE_MS = 100;

export class BodyTooLargeError extends Error {
  override name = 'BodyTooLargeError';
}

/** Too many bytes are being received, and this body was the slowest. */
export class TooManyBodiesError extends Error {
  override name = 'TooManyBodiesError';
}

/**
 * Collects a body. Fastify would keep each chunk, and a body in chunks of one byte takes a hundred times its size.
 * More bytes of a rejected body may arrive.
 */
export function readBody(
  payload: IncomingMessage,
  budget: BodyBudget,
  done: (error: Error | null, body?: Buffer) => void,
): void {
  const length = Number(payload.headers['content-length'] ?? 0);
  const upload = budget.open(() => reject(new TooManyBodiesError()));
  let parts = createParts();
  if (length > BODY_LIMIT) {
    reject(new BodyTooLargeError());
    return;
  }
  payload.on('data', onData);
  payload.on('end', onEnd);
  payload.on('error', onError);

  function onData(chunk: Buffer): void {
    if (parts.size() + chunk.length > BODY_LIMIT) {
      reject(new BodyTooLargeError());
      return;
    }
    parts.add(chunk, length);
    upload.grow(chunk.length);
  }

  function onEnd(): void {
    forget();
    done(null, parts.join());
  }

  function onError(error: Error): void {
    forget();
    // The client has closed the connection.
    done(Object.assign(error, { statusCode: 400 }));
  }

  function reject(error: Error): void {
    forget();
    parts = createParts();
    done(error);
  }

  function forget(): void {
    upload.end();
    payload.off('data', onData);
    payload.off('end', onEnd);
    payload.off('error', onError);
  }
}

/** Of the Content-Length. Without one, the length is unknown. */
function isHalfThere(arrived: number, length: number): boolean {
  return length > 0 && arrived <= length && 2 * arrived >= length;
}

/** The segments are full. */
function joinInto(whole: Buffer, segments: readonly Buffer[]): void {
  let at = 0;
  for (const segment of segments) at += segment.copy(whole, at);
}

/** Allocates at most twice what has arrived, and never the Content-Length in advance. */
function createParts() {
  const segments: Buffer[] = [];
  let used = 0;
  /** In the last segment. */
  let free = 0;
  return {
    size: () => used,
    add(chunk: Buffer, length: number): void {
      if (used === 0 && chunk.length === length) {
        // Most bodies arrive in one chunk, which nothing else uses.
        segments.push(chunk);
        used = length;
        return;
      }
      for (let at = 0; at < chunk.length; ) {
        if (free === 0 && isHalfThere(used + chunk.length - at, length)) {
          // The rest is expected as well: joining at the end would need all memory twice, and V8 pays for memory
          // outside of its heap with expensive garbage collections.
          const whole = Buffer.allocUnsafeSlow(length);
          joinInto(whole, segments);
          segments.splice(0, segments.length, whole);
          free = length - used;
        } else if (free === 0) {
          free = Math.min(Math.max(chunk.length - at, used, LEAST_SEGMENT), MOST_SEGMENT);
          // Its own memory: a slice of the pool of Node.js would keep the whole pool.
          segments.push(Buffer.allocUnsafeSlow(free));
        }
        const last = segments.at(-1) as Buffer;
        const copied = chunk.copy(last, last.length - free, at);
        at += copied;
        used += copied;
        free -= copied;
      }
    },
    join(): Buffer {
      const [first] = segments;
      return segments.length === 1 && first !== undefined
        ? first.subarray(0, used)
        : Buffer.concat(segments, used);
    },
  };
}
