import { messageOf } from '../errors.ts';
import {
  type DirectoryContent,
  type EnsuredDirectory,
  ensureDirectory,
  warnOfReadableKeys,
} from './directory.ts';
import type { CertificateSource, SourceEvents } from './source.ts';
import { watchDirectory } from './watch.ts';

export interface DirectoryOptions {
  readonly dir: string;
  /** Names for a new certificate. */
  readonly sans: readonly string[];
  readonly now: () => Date;
  readonly events: SourceEvents;
}

/** So short that a machine that was suspended renews soon, whatever happened to its timers. */
const RENEWAL_CHECK_MS = 15_000;

/**
 * Files of the operator, such as a mounted Secret.
 * @throws CertificateError when they cannot be served; no others are made
 */
export async function openFiles(options: DirectoryOptions): Promise<CertificateSource> {
  const { dir, events } = options;
  const first = await ensureDirectory({ ...options, log: events.log, inCluster: true });
  await warnOfReadableKeys(dir, events.log);
  return followDirectory(options, first);
}

/**
 * A directory whose files are made and renewed here, unless it has files of the operator.
 * @throws CertificateError for every mistake of the operator
 */
export async function openDirectory(options: DirectoryOptions): Promise<CertificateSource> {
  const { dir, sans, now, events } = options;
  const source = followDirectory(
    options,
    await ensureDirectory({ dir, sans, now, log: events.log, inCluster: false }),
  );
  await warnOfReadableKeys(dir, events.log);
  // Warnings about the present files were logged at the start.
  const log = { ...events.log, warn: () => {}, info: () => {} };
  let reported: string | undefined;
  // Writes the renewed files; the watcher then serves them.
  const renew = async (): Promise<void> => {
    try {
      const { made } = await ensureDirectory({ dir, sans, now, log, inCluster: false });
      if (made !== 'nothing') events.onChange(made === 'serving' ? 'sign' : 'found-again');
      reported = undefined;
    } catch (error) {
      const reason = messageOf(error);
      events.onFault('directory');
      if (reason !== reported) events.log.warn({ dir, reason }, 'certificate could not be renewed');
      reported = reason;
    }
  };
  const timer = setInterval(() => void renew(), RENEWAL_CHECK_MS).unref();
  return {
    ...source,
    close() {
      clearInterval(timer);
      source.close();
    },
  };
}

function followDirectory(options: DirectoryOptions, first: EnsuredDirectory): CertificateSource {
  const { dir, now, events } = options;
  const current: DirectoryContent = first;
  let served = { cert: first.cert, key: first.key, ca: first.ca, expiry: first.expiry };
  events.onServe(served);
  const watcher = watchDirectory({
    dir,
    now,
    current,
    onChange: (pair) => {
      events.onServe(pair);
      served = pair;
      events.log.info({ dir, expiry: pair.expiry }, 'certificate replaced');
    },
    onError: (error) => {
      events.onFault('files');
      events.log.warn({ dir, reason: error.message }, 'certificate not replaced');
    },
  });
  return { served: () => served, problem: () => undefined, close: () => watcher.close() };
}
