const MIB = 1024 * 1024;

/** Bytes that all bodies may hold together while they are being received. */
export const BODIES_LIMIT = 64 * MIB;

/** Of these, so many are left to small bodies. */
export const SMALL_RESERVE = 8 * MIB;

/** A body is small until it has grown beyond this, whatever length it announces. Hardly any review is larger. */
export const SMALL_BODY = 64 * 1024;

/** Whoever holds less is not worth refusing: with all connections in use that is 16 MiB. */
const LEAST_WORTH = 4 * 1024;

/** A body that is being received. */
export interface Upload {
  /** So many bytes more have arrived. Where that is too much in all, the slowest is refused: this one, or others. */
  grow(bytes: number): void;
  /** Its bytes are not held any more. */
  end(): void;
}

export interface BodyBudget {
  /** @param refuse called at most once; from then on the upload must hold nothing */
  open(refuse: () => void): Upload;
}

interface Held {
  bytes: number;
  /** By the clock of the budget. */
  readonly startedAt: number;
  readonly refuse: () => void;
}

/**
 * Bounds the memory that uploads can hold, however many connections they use. What has arrived counts and not what was
 * announced, so that nothing is taken by a promise; and it is the slowest upload that goes, because whoever stands
 * still would otherwise turn away all who do not.
 * @param now monotonic milliseconds
 * @param onChange told the bytes that are held, at each change
 */
export function createBodyBudget(now: () => number, onChange: (bytes: number) => void): BodyBudget {
  const uploads = new Set<Held>();
  let all = 0;
  let large = 0;

  /** Changes what an upload holds, and keeps both sums. */
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

  /** Of those that hold more than this. There is one: their sum is beyond a limit that is far above it. */
  function refuseSlowest(least: number): void {
    const time = now();
    let slowest: Held | undefined;
    let lowest = Number.POSITIVE_INFINITY;
    for (const upload of uploads) {
      if (upload.bytes <= least) continue;
      const rate = upload.bytes / (time - upload.startedAt);
      if (slowest !== undefined && rate >= lowest) continue;
      slowest = upload;
      lowest = rate;
    }
    if (slowest === undefined) throw new Error('no upload holds what all of them hold');
    remove(slowest);
    slowest.refuse();
  }

  return {
    open(refuse) {
      const upload: Held = { bytes: 0, startedAt: now(), refuse };
      uploads.add(upload);
      return {
        grow(bytes) {
          hold(upload, upload.bytes + bytes);
          while (large > BODIES_LIMIT - SMALL_RESERVE) refuseSlowest(SMALL_BODY);
          while (all > BODIES_LIMIT) refuseSlowest(LEAST_WORTH);
        },
        end: () => remove(upload),
      };
    },
  };
}
