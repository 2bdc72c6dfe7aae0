import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { messageOf } from '../errors.ts';
import { type DirectoryContent, readDirectory } from './directory.ts';
import { type Expiry, inspectPair } from './inspect.ts';

/** A pair from the directory that may be served at once. */
export interface WatchedPair {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | undefined;
  readonly expiry: Expiry;
}

export interface WatchOptions {
  readonly dir: string;
  /** A new pair that matches. If it throws, onError is called, and the pair is tried again at the next check. */
  readonly onChange: (pair: WatchedPair) => void | Promise<void>;
  /** Why the content of the directory is not used, once for each problem. The pair before it stays in use. */
  readonly onError: (error: Error) => void;
  readonly now: () => Date;
  /** Milliseconds between two checks without an event (default 10 000). */
  readonly pollMs?: number;
  /** Milliseconds to wait after an event, until all files have changed (default 200). */
  readonly debounceMs?: number;
  /** The files that are served already. Without it, the first good pair counts as a change. */
  readonly current?: DirectoryContent;
  /** Names that a new pair must have (default none). */
  readonly sans?: readonly string[];
}

/**
 * Watches a certificate directory and calls onChange with every new pair that can be served. Never throws, and does
 * not keep the process alive. After close() no callback is called.
 */
export function watchDirectory(options: WatchOptions): { close(): void } {
  const { dir, now, sans = [] } = options;
  let served = options.current;
  let reported: string | undefined;
  let suspected: string | undefined;

  async function compare(check: CheckContext): Promise<void> {
    let found: DirectoryContent = { cert: undefined, key: undefined, ca: undefined };
    let failure: string | undefined;
    let expiry: Expiry = { leaf: undefined, ca: undefined };
    try {
      found = await readDirectory(dir);
      ({ failure, expiry } = checkFound(found, { now, sans }));
    } catch (error) {
      failure = messageOf(error);
    }
    if (check.isClosed()) return;
    if (failure !== undefined || found.cert === undefined || found.key === undefined) {
      // Files that are being replaced do not match for a moment. Only a problem that a second check finds again is
      // reported.
      const state = JSON.stringify([failure, found.cert, found.key, found.ca]);
      if (state === suspected) report(new Error(failure), check);
      else check.lookSoon();
      suspected = state;
      return;
    }
    suspected = undefined;
    // Compared with the served pair and not with the last one that was read: a pair that was not valid yet becomes
    // valid.
    if (served === undefined || !same(served, found)) {
      await options.onChange({ cert: found.cert, key: found.key, ca: found.ca, expiry });
      served = found;
    }
    reported = undefined;
  }

  function report(error: unknown, check: CheckContext): void {
    const message = messageOf(error);
    if (check.isClosed() || message === reported) return;
    reported = message;
    try {
      options.onError(error instanceof Error ? error : new Error(message));
    } catch {
      // An error of the callback has no receiver, and the watch must go on.
    }
  }

  return watchForChanges({
    ...options,
    look: (check) => compare(check).catch((error: unknown) => report(error, check)),
  });
}

/** What a check may ask for. */
export interface CheckContext {
  isClosed(): boolean;
  /** Another check, soon. */
  lookSoon(): void;
}

/**
 * Calls `look` at once, after every change in a directory, and at regular intervals; one call at a time. Does not
 * keep the process alive. `look` must not throw.
 */
export function watchForChanges(options: {
  dir: string;
  look: (check: CheckContext) => Promise<void>;
  pollMs?: number;
  debounceMs?: number;
}): { close(): void } {
  const { dir, pollMs = 10_000, debounceMs = 200 } = options;
  let closed = false;
  let looking = false;
  let missed = false;
  let debounce: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  let watched: string | undefined;
  const check: CheckContext = { isClosed: () => closed, lookSoon };

  function lookSoon(): void {
    if (closed) return;
    // Every further event delays the check, so that many events end in one check. The poll limits the delay.
    clearTimeout(debounce);
    debounce = setTimeout(() => void look(), debounceMs).unref();
  }

  async function look(): Promise<void> {
    if (closed) return;
    if (looking) {
      missed = true;
      return;
    }
    looking = true;
    try {
      await watchAgain();
      await options.look(check);
    } finally {
      looking = false;
      if (missed) {
        missed = false;
        lookSoon();
      }
    }
  }

  /** Starts a watch, and starts it again when the directory was replaced: a watch follows the inode, not the name. */
  async function watchAgain(): Promise<void> {
    const identity = await stat(dir).then(
      ({ dev, ino }) => `${dev}:${ino}`,
      () => undefined,
    );
    if (closed || (watcher !== undefined && identity === watched)) return;
    unwatch();
    if (identity === undefined) return;
    try {
      // The directory and not the files: Kubernetes swaps the symlink `..data`, and a watch on a file ends then.
      watcher = watch(dir, { persistent: false }, lookSoon);
      watcher.on('error', unwatch);
      watched = identity;
    } catch {
      // No inotify watch is free, or the file system has none: the poll is enough.
    }
  }

  function unwatch(): void {
    watcher?.close();
    watcher = undefined;
    watched = undefined;
  }

  const poll = setInterval(() => void look(), pollMs).unref();
  void look();

  return {
    close() {
      closed = true;
      clearInterval(poll);
      clearTimeout(debounce);
      unwatch();
    },
  };
}

function checkFound(
  { cert, key, ca }: DirectoryContent,
  options: { now: () => Date; sans: readonly string[] },
): { failure: string | undefined; expiry: Expiry } {
  const unknown = { leaf: undefined, ca: undefined };
  if (cert === undefined) return { failure: 'tls.crt is missing', expiry: unknown };
  if (key === undefined) return { failure: 'tls.key is missing', expiry: unknown };
  const { problem, expiry } = inspectPair({ cert, key, ca }, options);
  return { failure: problem?.message, expiry };
}

function same(a: DirectoryContent, b: DirectoryContent): boolean {
  return a.cert === b.cert && a.key === b.key && a.ca === b.ca;
}
