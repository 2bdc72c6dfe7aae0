import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, ApiError, isConflict } from './api.ts';
import { backoff } from './pace.ts';

/** Five replicas that start at the same time hardly ever have more conflicts in a row. */
const MAX_CONFLICTS = 5;

/** The fields of every object. */
export interface KubernetesObject {
  readonly metadata?: { readonly name?: string; readonly resourceVersion?: string };
}

export interface FollowOptions<T extends KubernetesObject> {
  readonly api: ApiClient;
  /** The path of its list, such as /api/v1/namespaces/a/secrets. */
  readonly path: string;
  readonly name: string;
  /** The maximum time of a watch before the object is read again, in milliseconds. */
  readonly pollMs: number;
  /**
   * Called with the present object, or undefined, one call at a time. If it throws, it is called again after a while.
   */
  readonly onObject: (object: T | undefined) => Promise<void>;
  /** Called once for each new fault. */
  readonly onError: (error: unknown, isNew: boolean) => void;
}

/**
 * Follows one object, whether or not it exists. A watch only reports that something has changed; then the object is
 * read again. So an event that a watch loses makes no difference, and the object is read every `pollMs` in any case.
 */
export function follow<T extends KubernetesObject>(options: FollowOptions<T>) {
  const { api, pollMs } = options;
  const closed = new AbortController();
  let refreshed = new AbortController();
  const selector = `fieldSelector=${encodeURIComponent(`metadata.name=${options.name}`)}`;

  /** Reads the object and the resource version of the list, from which a watch can continue. */
  async function read(signal: AbortSignal): Promise<{ object: T | undefined; version: string }> {
    const list = (await api.request({
      method: 'GET',
      path: `${options.path}?${selector}`,
      signal,
    })) as { items?: T[]; metadata?: { resourceVersion?: string } };
    const object = list.items?.find(({ metadata }) => metadata?.name === options.name);
    return { object, version: list.metadata?.resourceVersion ?? '' };
  }

  /** @returns whether the watch was interrupted. If something else is wrong, the next read reports it. */
  async function watch(version: string): Promise<boolean> {
    const over = AbortSignal.any([closed.signal, refreshed.signal, AbortSignal.timeout(pollMs)]);
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
        refreshed = new AbortController();
        const { object, version } = await read(closed.signal);
        await options.onObject(object);
        const isCut = await watch(version);
        reported = undefined;
        conflicts = 0;
        failures = isCut ? failures + 1 : 0;
        // A watch that is interrupted again and again must not become a busy loop.
        if (failures > 1) await pause(backoff(failures, Math.random));
      } catch (error) {
        if (closed.signal.aborted) return;
        // Another client has written the object. That is no fault, unless it happens every time.
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

  /** Ends when the follower is closed, and does not keep the process alive. */
  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: closed.signal, ref: false }).catch(() => {});
  }

  void run();
  return {
    /** Reads the object outside of the loop. */
    read: () => read(closed.signal),
    /** Reads the object soon. */
    refresh: () => refreshed.abort(),
    close: () => closed.abort(),
  };
}
