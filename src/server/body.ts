import type { IncomingMessage } from 'node:http';
import type { BodyBudget } from './body-budget.ts';

/** kube-apiserver takes bodies of 3 MiB; a review holds the object twice and may escape it. */
export const BODY_LIMIT = 8 * 1024 * 1024;

/** Bounds of what is taken at once for what arrives. */
const LEAST_SEGMENT = 1024;
const MOST_SEGMENT = 64 * 1024;

/** Whoever has sent nothing for so long, of what is refused, waits for the answer. */
export const SILENCE_MS = 100;

export class BodyTooLargeError extends Error {
  override name = 'BodyTooLargeError';
}

/** More is being received than can be held, and this body came the most slowly. */
export class TooManyBodiesError extends Error {
  override name = 'TooManyBodiesError';
}

/**
 * Collects a body. Fastify would keep each chunk, and a body in chunks of one byte takes a hundred times its size. Of
 * one that is refused more may come.
 */
export function readBody(
  payload: IncomingMessage,
  budget: BodyBudget,
  done: (error: Error | null, body?: Buffer) => void,
): void {
  const length = Number(payload.headers['content-length'] ?? 0);
  const upload = budget.open(() => refuse(new TooManyBodiesError()));
  let parts = createParts();
  if (length > BODY_LIMIT) {
    refuse(new BodyTooLargeError());
    return;
  }
  payload.on('data', onData);
  payload.on('end', onEnd);
  payload.on('error', onError);

  function onData(chunk: Buffer): void {
    if (parts.size() + chunk.length > BODY_LIMIT) {
      refuse(new BodyTooLargeError());
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
    // Whoever sent it has gone.
    done(Object.assign(error, { statusCode: 400 }));
  }

  function refuse(error: Error): void {
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

/** Of what was announced; where nothing was, of what nobody knows. */
function isHalfThere(arrived: number, length: number): boolean {
  return length > 0 && arrived <= length && 2 * arrived >= length;
}

/** The segments are full. */
function joinInto(whole: Buffer, segments: readonly Buffer[]): void {
  let at = 0;
  for (const segment of segments) at += segment.copy(whole, at);
}

/** Takes no more than twice what it is given, and never what is only announced. */
function createParts() {
  const segments: Buffer[] = [];
  let used = 0;
  /** Of the last segment. */
  let free = 0;
  return {
    size: () => used,
    add(chunk: Buffer, length: number): void {
      if (used === 0 && chunk.length === length) {
        // Most come in one piece, which nobody else holds.
        segments.push(chunk);
        used = length;
        return;
      }
      for (let at = 0; at < chunk.length; ) {
        if (free === 0 && isHalfThere(used + chunk.length - at, length)) {
          // The rest will come as well: what is put together only at the end is all taken twice, and what is taken
          // outside of its heap V8 pays for with its dearest collections.
          const whole = Buffer.allocUnsafeSlow(length);
          joinInto(whole, segments);
          segments.splice(0, segments.length, whole);
          free = length - used;
        } else if (free === 0) {
          free = Math.min(Math.max(chunk.length - at, used, LEAST_SEGMENT), MOST_SEGMENT);
          // Of its own: a slice of Node's pool would keep all of that.
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
