const MIB = 1024 * 1024;

/** Limit of the bytes of all bodies together while they are being received. */
export const BODIES_LIMIT = 64 * MIB;

/** The part of it that is reserved for small bodies. */
export const SMALL_RESERVE = 8 * MIB;

/** A body is small until it has more bytes than this, whatever its Content-Length is. Hardly any review is larger. */
export const SMALL_BODY = 64 * 1024;

/** Uploads with fewer bytes are not rejected: with all connections in use they have 16 MiB. */
const LEAST_WORTH = 4 * 1024;

/** Fewer bytes than this are no progress: otherwise a byte now and then would keep an upload. */
const PROGRESS = 16 * 1024;

/** A body that is being received. */
export interface Upload {
  /** More bytes have arrived. Where the total is too large, the slowest uploads are rejected: this one, or others. */
  grow(bytes: number): void;
  /** Its bytes are no longer in memory. */
  end(): void;
}

export interface BodyBudget {
  /** @param reject called at most once; after that the upload must keep no bytes */
  open(reject: () => void): Upload;
}

interface Held {
  bytes: number;
  /** By the clock of the budget: the start, or the last time that there was progress. */
  progressAt: number;
  bytesAtProgress: number;
  readonly reject: () => void;
}

/**
 * Limits the memory of uploads, however many connections they use. Only bytes that have arrived count, and not the
 * Content-Length. The slowest upload is rejected first, because otherwise stalled uploads would block all others: the
 * one without progress for the longest time. Not the one with the lowest rate since its start: uploads that arrive at
 * once and then stall have a high rate for a second, in which they would get a large review rejected.
 * @param now monotonic milliseconds
 * @param onChange called with the number of bytes at each change
 */
export function createBodyBudget(now: () => number, onChange: (bytes: number) => void): BodyBudget {
  const uploads = new Set<Held>();
  let all = 0;
  let large = 0;

  /** Changes the bytes of an upload, and updates both totals. */
  function hold(upload: Held, bytes: number): void {
    if (upload.bytes > SMALL_BODY) large -= upload.bytes;
    all += bytes - upload.bytes;
    upload.bytes = bytes;
    if (bytes > SMALL_BODY) large += bytes;
    onChange(all);
  }

  function remove(upload: Held): void {
    if (uploads.delete(upload)) hold(upload, 0);
  }

  /** Among the uploads with more bytes than this. There is at least one, because the total is far above the limit. */
  function rejectSlowest(least: number): void {
    let slowest: Held | undefined;
    for (const upload of uploads) {
      if (upload.bytes <= least) continue;
      if (slowest === undefined || upload.progressAt < slowest.progressAt) slowest = upload;
    }
    if (slowest === undefined) throw new Error('no upload holds what all of them hold');
    remove(slowest);
    slowest.reject();
  }

  return {
    open(reject) {
      const upload: Held = { bytes: 0, progressAt: now(), bytesAtProgress: 0, reject };
      uploads.add(upload);
      return {
        grow(bytes) {
          hold(upload, upload.bytes + bytes);
          if (upload.bytes - upload.bytesAtProgress >= PROGRESS) {
            upload.progressAt = now();
            upload.bytesAtProgress = upload.bytes;
          }
          while (large > BODIES_LIMIT - SMALL_RESERVE) rejectSlowest(SMALL_BODY);
          while (all > BODIES_LIMIT) rejectSlowest(LEAST_WORTH);
        },
        end: () => remove(upload),
      };
    },
  };
}
