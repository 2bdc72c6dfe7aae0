import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, ApiError, isConflict } from './api.ts';
import { backoff } from './pace.ts';

/** With five replicas that begin at once, more in a row are hardly ever seen. */
const MAX_CONFLICTS = 5;

/** The least that every object has. */
export interface KubernetesObject {
  readonly metadata?: { readonly name?: string; readonly resourceVersion?: string };
}

export interface FollowOptions<T extends KubernetesObject> {
  readonly api: ApiClient;
  /** Of its list, such as /api/v1/namespaces/a/secrets. */
  readonly path: string;
  readonly name: string;
  /** How long to watch before looking anyway, in milliseconds. */
  readonly pollMs: number;
  /** What is there now, or undefined. Called one at a time; if it throws, it is called again after a while. */
  readonly onObject: (object: T | undefined) => Promise<void>;
  /** Once for each different fault in a row. */
  readonly onError: (error: unknown, isNew: boolean) => void;
}

/**
 * Follows one object, whether it is there or not. A watch only says that something has happened; what is there is then
 * read anew. So nothing that a watch may lose (cut, too old, silent) can be lost, and a look is due every `pollMs`.
 */
export function follow<T extends KubernetesObject>(options: FollowOptions<T>) {
  const { api, pollMs } = options;
  const closed = new AbortController();
  let kicked = new AbortController();
  const selector = `fieldSelector=${encodeURIComponent(`metadata.name=${options.name}`)}`;

  /** Reads the object and the version of the list, from which a watch can go on. */
  async function read(signal: AbortSignal): Promise<{ object: T | undefined; version: string }> {
    const list = (await api.request({
      method: 'GET',
      path: `${options.path}?${selector}`,
      signal,
    })) as { items?: T[]; metadata?: { resourceVersion?: string } };
    const object = list.items?.find(({ metadata }) => metadata?.name === options.name);
    return { object, version: list.metadata?.resourceVersion ?? '' };
  }

  /** @returns whether the watch was cut, which happens; whether more is wrong, the next read will tell. */
  async function watch(version: string): Promise<boolean> {
    const over = AbortSignal.any([closed.signal, kicked.signal, AbortSignal.timeout(pollMs)]);
    const seconds = Math.max(1, Math.ceil(pollMs / 1000));
    const path = `${options.path}?${selector}&watch=true&resourceVersion=${version}&timeoutSeconds=${seconds}`;
    try {
      await api.untilChange(path, over);
      return false;
    } catch (error) {
      if (over.aborted) return false;
      if (error instanceof ApiError && error.status !== 410) throw error;
      return true;
    }
  }

  async function run(): Promise<void> {
    let failures = 0;
    let conflicts = 0;
    let reported: string | undefined;
    while (!closed.signal.aborted) {
      try {
        kicked = new AbortController();
        const { object, version } = await read(closed.signal);
        await options.onObject(object);
        const isCut = await watch(version);
        reported = undefined;
        conflicts = 0;
        failures = isCut ? failures + 1 : 0;
        // One that is cut at once, time and again, must not become a busy one.
        if (failures > 1) await pause(backoff(failures, Math.random));
      } catch (error) {
        if (closed.signal.aborted) return;
        // Somebody else was quicker, which is no fault until it happens every time.
        if (isConflict(error) && conflicts < MAX_CONFLICTS) {
          conflicts += 1;
          await pause(Math.random() * 50 * conflicts);
          continue;
        }
        failures += 1;
        const message = String(error);
        options.onError(error, message !== reported);
        reported = message;
        await pause(backoff(failures, Math.random));
      }
    }
  }

  /** Not for longer than it is open, and without keeping the process alive. */
  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: closed.signal, ref: false }).catch(() => {});
  }

  void run();
  return {
    /** Reads the object outside of the turn. */
    read: () => read(closed.signal),
    /** Looks again, soon. */
    kick: () => kicked.abort(),
    close: () => closed.abort(),
  };
}
