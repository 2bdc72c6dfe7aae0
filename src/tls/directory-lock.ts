import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CertificateError, errorCode } from '../errors.ts';
import { temporaryName } from '../files/atomic-file.ts';

const STALE_MS = 30_000;
const BLANK_STALE_MS = 250;
const RETRY_MS = 40;

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly started: number;
  readonly at: string;
  readonly id: string;
}

/**
 * Runs `work` while no other process does the same with `dir`. The lock is a file `.lock`, created exclusively. The
 * lock of a dead process, or one older than 30 s, is taken over; otherwise waits `waitMs` (default 10 s).
 * @throws CertificateError after the wait; errors of the file system and of `work` as they are
 */
export async function withDirectoryLock<T>(
  options: { dir: string; now: () => Date; waitMs?: number },
  work: () => Promise<T>,
): Promise<T> {
  const path = join(options.dir, '.lock');
  const mine = await acquire(path, options.now, options.waitMs ?? 10_000);
  try {
    return await work();
  } finally {
    await release(path, mine);
  }
}

async function acquire(path: string, now: () => Date, waitMs: number): Promise<string> {
  // The wait is measured by the monotonic clock: `now` may change by hand, or stand still in a test.
  const begun = performance.now();
  let blankSince: number | undefined;
  for (;;) {
    const mine = await create(path, now());
    if (mine !== undefined) return mine;

    const seen = await read(path);
    if (seen !== undefined) {
      const owner = parse(seen);
      // No owner: the file was created and not yet written, which takes microseconds, or the process was killed in
      // between.
      blankSince = owner === undefined ? (blankSince ?? performance.now()) : undefined;
      const blankFor = blankSince === undefined ? 0 : performance.now() - blankSince;
      if (owner === undefined ? blankFor > BLANK_STALE_MS : isStale(owner, now())) {
        await takeAway(path, seen);
        continue;
      }
    }
    if (performance.now() - begun > waitMs) {
      const pid = seen === undefined ? undefined : parse(seen)?.pid;
      throw new CertificateError(
        `another process is writing certificates and does not finish (got ${path}, of process ${pid ?? 'unknown'}); stop that process, or remove the file`,
      );
    }
    // Partly random, so that several waiting processes do not retry at the same time.
    await sleep(RETRY_MS * (0.5 + Math.random()));
  }
}

/** The text written into the new lock. Undefined if there is one already. */
async function create(path: string, now: Date): Promise<string | undefined> {
  const owner: Owner = {
    pid: process.pid,
    host: hostname(),
    started: performance.timeOrigin,
    at: now.toISOString(),
    id: randomBytes(8).toString('hex'),
  };
  const text = JSON.stringify(owner);
  try {
    const handle = await open(path, 'wx', 0o600);
    try {
      await handle.writeFile(text);
    } catch (error) {
      // The disk is full: the next start would wait for an empty lock without an owner.
      await rm(path, { force: true }).catch(() => undefined);
      throw error;
    } finally {
      await handle.close();
    }
    return text;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return undefined;
    throw error;
  }
}

function isStale(owner: Owner, now: Date): boolean {
  // The time may also be in the future, when the clock was set back since.
  if (Math.abs(now.getTime() - Date.parse(owner.at)) > STALE_MS) return true;
  // On another host, or in another container that shares the directory, process ids are different.
  if (owner.host !== hostname()) return false;
  // In a restarted container the dead process had our own id, usually 1.
  if (owner.pid === process.pid) return owner.started !== performance.timeOrigin;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
}

/**
 * Removes the stale lock that was `seen`. Not by its name alone: another process may have taken it over in the
 * meantime, and its new lock must stay. So the file is renamed, read, and renamed back if it is not the stale one. In
 * the rare case that two owners remain, ensureDirectory finds it when it reads its result again.
 */
async function takeAway(path: string, seen: string): Promise<void> {
  const aside = temporaryName(path);
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== seen) await link(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function release(path: string, mine: string): Promise<void> {
  try {
    // Another process may have taken the lock over.
    if ((await read(path)) === mine) await rm(path, { force: true });
  } catch {
    // The work is done. A lock that stays is taken over after this process has ended.
  }
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string): Owner | undefined {
  try {
    const owner: Partial<Owner> | null = JSON.parse(text);
    if (owner === null || typeof owner !== 'object') return undefined;
    const { pid, host, started, at, id } = owner;
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof started !== 'number') return undefined;
    if (typeof at !== 'string' || Number.isNaN(Date.parse(at)) || typeof id !== 'string') return undefined;
    return { pid, host, started, at, id };
  } catch {
    return undefined;
  }
}
