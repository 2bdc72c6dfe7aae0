import type { IncomingMessage } from 'node:http';

/** kube-apiserver takes bodies of 3 MiB; a review holds the object twice and may escape it. */
export const BODY_LIMIT = 8 * 1024 * 1024;

/** More than a usual review; a length that is only promised takes no more memory than this. */
const FIRST_BYTES = 64 * 1024;

const NOTHING: Buffer = Buffer.alloc(0);

/** Whoever has sent nothing for so long, of what is too large, waits for the answer. */
const SILENCE_MS = 100;

export class BodyTooLargeError extends Error {
  override name = 'BodyTooLargeError';
}

/**
 * Collects a body in one buffer. Fastify would keep each chunk, and a body in chunks of one byte takes a hundred times
 * its size. Of one that is too large the rest is read and thrown away first: answered and closed on the way, whoever
 * sends it would see a broken connection.
 */
export function readBody(payload: IncomingMessage, done: (error: Error | null, body?: Buffer) => void): void {
  const length = Number(payload.headers['content-length'] ?? 0);
  let bytes = NOTHING;
  let used = 0;
  if (length > BODY_LIMIT) {
    refuse();
    return;
  }
  payload.on('data', onData);
  payload.on('end', onEnd);
  payload.on('error', onError);

  function onData(chunk: Buffer): void {
    const needed = used + chunk.length;
    if (needed > BODY_LIMIT) {
      refuse();
      return;
    }
    if (needed === length && used === 0) {
      // Most come in one piece, which nobody else holds.
      bytes = chunk;
      used = needed;
      return;
    }
    if (needed > bytes.length) {
      const least = bytes.length === 0 ? Math.min(length || FIRST_BYTES, FIRST_BYTES) : bytes.length * 2;
      const larger = Buffer.allocUnsafe(Math.min(Math.max(needed, least), BODY_LIMIT));
      bytes.copy(larger, 0, 0, used);
      bytes = larger;
    }
    chunk.copy(bytes, used);
    used = needed;
  }

  function onEnd(): void {
    forget();
    done(null, bytes.subarray(0, used));
  }

  function onError(error: Error): void {
    forget();
    // Whoever sent it has gone.
    done(Object.assign(error, { statusCode: 400 }));
  }

  function refuse(): void {
    forget();
    const finish = (): void => {
      clearTimeout(silence);
      payload.off('end', finish).off('error', finish);
      done(new BodyTooLargeError());
    };
    const silence = setTimeout(finish, SILENCE_MS);
    payload.on('data', () => silence.refresh());
    payload.once('end', finish).once('error', finish);
  }

  function forget(): void {
    payload.off('data', onData);
    payload.off('end', onEnd);
    payload.off('error', onError);
  }
}
