import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CertificateError } from '../../src/errors.ts';
import { ensureDirectory } from '../../src/tls/directory.ts';
import { withDirectoryLock } from '../../src/tls/directory-lock.ts';
import { inspectPair } from '../../src/tls/inspect.ts';
import { builtRooms } from '../support/built-room.ts';
import { at, contentOf, DAY, now, put, recordingLog, SANS, temporaryDirectory } from './fixtures.ts';

vi.mock('../../src/tls/issue.ts', async (importOriginal) => {
  const { byTurns } = await import('./issue-by-turns.ts');
  return byTurns(importOriginal);
});

const FILES = ['ca.crt', 'ca.key', 'tls.crt', 'tls.key'];

function ensure(dir: string, clock = now) {
  return ensureDirectory({ dir, sans: SANS, now: clock, log: recordingLog(), inCluster: false });
}

async function expectRepaired(dir: string, clock = now): Promise<void> {
  const ensured = await ensure(dir, clock);
  expect(inspectPair(ensured, { now: clock, sans: SANS }).problem).toBeUndefined();
  // All that may stay is the lock of one that was killed when its work was done; no process looks at it.
  expect(
    readdirSync(dir)
      .filter((name) => name !== '.lock')
      .sort(),
  ).toEqual(FILES);
}

/** A process id that was ours to use and is free again. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  if (child.pid === undefined) throw new Error('no process');
  return child.pid;
}

const lock = (over: object = {}) =>
  JSON.stringify({
    pid: process.pid,
    host: hostname(),
    started: performance.timeOrigin,
    at: now().toISOString(),
    id: '00',
    ...over,
  });

/**
 * Stands in for a kill before the n-th step that changes the file system: that and every later one never comes back,
 * so no clean-up runs either. Installed once, because telling the modules of it takes its time.
 */
function stoppingFileSystem() {
  let steps = 0;
  let last = Number.POSITIVE_INFINITY;
  let reach = () => {};
  const originals = { ...fs.promises };
  const stopping = (original: (...args: never[]) => Promise<unknown>) =>
    ((...args: never[]) => {
      steps += 1;
      if (steps < last) return original(...args);
      reach();
      return new Promise(() => {});
    }) as never;
  fs.promises.mkdir = stopping(originals.mkdir);
  fs.promises.rename = stopping(originals.rename);
  fs.promises.rm = stopping(originals.rm);
  fs.promises.open = stopping(async (...args: Parameters<typeof originals.open>) => {
    const handle = await originals.open(...args);
    handle.writeFile = stopping(handle.writeFile.bind(handle));
    handle.sync = stopping(handle.sync.bind(handle));
    return handle;
  });
  syncBuiltinESMExports();
  return {
    /** Runs `work`. @returns whether it came to its end */
    async stopBefore(n: number, work: () => Promise<unknown>): Promise<boolean> {
      const reached = new Promise<false>((resolve) => {
        reach = () => resolve(false);
      });
      [steps, last] = [0, n];
      const finished = await Promise.race([work().then(() => true), reached]);
      last = Number.POSITIVE_INFINITY;
      return finished;
    },
    restore() {
      Object.assign(fs.promises, originals);
      syncBuiltinESMExports();
    },
  };
}

describe('a kill before any step', () => {
  let pid: number;
  let stopping: ReturnType<typeof stoppingFileSystem>;
  beforeAll(async () => {
    pid = await deadProcess();
    stopping = stoppingFileSystem();
  });
  afterAll(() => stopping.restore());

  async function killedAt(step: number, dir: string, clock: () => Date): Promise<boolean> {
    const finished = await stopping.stopBefore(step, () => ensure(dir, clock));
    // The lock of a process that is no more.
    const path = join(dir, '.lock');
    if (existsSync(path)) {
      const text = readFileSync(path, 'utf8');
      // Nothing in it: waited for below, in a test of its own.
      writeFileSync(path, text === '' ? lock({ pid }) : text.replace(`"pid":${process.pid}`, `"pid":${pid}`));
    }
    return finished;
  }

  it.each([
    ['the first start', false, now, 22],
    ['a renewal of the serving certificate', true, at(61 * DAY), 14],
    ['a renewal of everything', true, at(400 * DAY), 22],
  ])('is repaired by the next start: %s', async (_what, existing, clock, leastSteps) => {
    const root = temporaryDirectory();
    const begin = join(root, 'begin');
    await ensure(begin);
    let step = 1;
    for (; step < 60; step++) {
      const dir = join(root, String(step));
      if (existing) {
        fs.mkdirSync(dir);
        put(dir, contentOf(begin));
      }
      const finished = await killedAt(step, dir, clock);
      await expectRepaired(dir, clock);
      if (finished) break;
    }
    // That the steps are seen at all, and that the end was reached.
    expect(step).toBeGreaterThan(leastSteps);
    expect(step).toBeLessThan(60);
  });
});

describe('a full disk', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });

  it.each(['lock', 'ca.key', 'ca.crt', 'tls.key', 'tls.crt'])(
    'at %s is logged, and is repaired later',
    async (name) => {
      const dir = temporaryDirectory();
      const { open } = fs.promises;
      vi.spyOn(fs.promises, 'open').mockImplementation(async (path, ...rest) => {
        const handle = await open(path, ...rest);
        if (String(path).includes(`.${name}`)) {
          const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
          handle.writeFile = () => Promise.reject(full);
        }
        return handle;
      });
      syncBuiltinESMExports();
      const failed = ensure(dir);
      await expect(failed).rejects.toThrow(CertificateError);
      await expect(failed).rejects.toThrow(
        `cannot write to ${dir} (ENOSPC); make room on the disk, or choose another directory with --cert-dir`,
      );
      // Neither a lock nor half a file is left.
      expect(readdirSync(dir).filter((file) => file.startsWith('.'))).toEqual([]);
      vi.restoreAllMocks();
      syncBuiltinESMExports();
      await expectRepaired(dir);
    },
  );
});

describe('withDirectoryLock', () => {
  const hold = (dir: string, waitMs: number, work = async () => 'done') =>
    withDirectoryLock({ dir, now, waitMs }, work);

  it('gives the lock to one at a time, and to all in the end', async () => {
    const dir = temporaryDirectory();
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      return 'done';
    };
    expect(await Promise.all([...'abcdefgh'].map(() => hold(dir, 10_000, work)))).toEqual(
      Array(8).fill('done'),
    );
    expect(most).toBe(1);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('lets go when the work fails', async () => {
    const dir = temporaryDirectory();
    await expect(hold(dir, 0, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(readdirSync(dir)).toEqual([]);
  });

  it.each([
    ['of a dead process', async () => lock({ pid: await deadProcess() })],
    ['of an earlier process of our number, as in a restarted container', async () => lock({ started: 1 })],
    ['older than half a minute', async () => lock({ host: 'elsewhere', at: at(-30_001)().toISOString() })],
    ['from a time to come', async () => lock({ host: 'elsewhere', at: at(DAY)().toISOString() })],
    ['of one that was killed before it wrote its name', async () => ''],
  ])('takes over a lock %s', async (_what, text) => {
    const dir = temporaryDirectory();
    put(dir, { '.lock': await text() });
    expect(await hold(dir, 1_000)).toBe('done');
    expect(readdirSync(dir)).toEqual([]);
  });

  it.each([
    ['of a live process', lock({ pid: process.ppid })],
    ['of our own', lock()],
    ['of another host', lock({ host: 'elsewhere', pid: 1 })],
  ])('respects a lock %s, and logs who holds it', async (_what, text) => {
    const dir = temporaryDirectory();
    put(dir, { '.lock': text });
    const failed = hold(dir, 60);
    await expect(failed).rejects.toThrow(CertificateError);
    await expect(failed).rejects.toThrow(/of process \d+\); stop that process, or remove the file/);
    expect(contentOf(dir)).toEqual({ '.lock': text });
  });

  it('gets in when many find the same stale lock at once', async () => {
    const dir = temporaryDirectory();
    put(dir, { '.lock': lock({ pid: await deadProcess() }) });
    expect(await Promise.all([...'abcdef'].map(() => hold(dir, 10_000)))).toHaveLength(6);
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('several at once', () => {
  it('end with the same certificates: calls in one process', async () => {
    const dir = temporaryDirectory();
    const results = await Promise.all([...'abcdef'].map(() => ensure(dir)));
    expect(new Set(results.map(({ cert, key, ca }) => JSON.stringify([cert, key, ca]))).size).toBe(1);
    expect(results.filter(({ made }) => made === 'authority')).toHaveLength(1);
    expect(readdirSync(dir).sort()).toEqual(FILES);
  });

  describe('processes', () => {
    let room: string;
    beforeAll(() => {
      room = builtRooms('tls', 'files');
    });
    afterAll(() => rmSync(room, { recursive: true, force: true }));

    function start(dir: string): ChildProcess {
      const script = `
        import { ensureDirectory } from './tls/directory.js';
        await import('selfsigned');
        process.stdout.write('go\\n');
        const log = { info() {}, warn() {} };
        const options = { dir: process.argv[1], sans: ['localhost'], now: () => new Date(), log, inCluster: false };
        const { cert, made } = await ensureDirectory(options);
        process.stdout.write(JSON.stringify({ cert, made }) + '\\n');`;
      return spawn(process.execPath, ['--input-type=module', '-e', script, dir], {
        cwd: room,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    }

    async function output(child: ChildProcess): Promise<string> {
      let text = '';
      child.stdout?.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      await once(child, 'close');
      return text;
    }

    it('end with the same certificates', async () => {
      const dir = temporaryDirectory();
      const texts = await Promise.all([...'ab'].map(() => output(start(dir))));
      const results = texts.map((text) => JSON.parse(text.slice('go\n'.length)));
      expect(new Set(results.map(({ cert }) => cert)).size).toBe(1);
      expect(results.filter(({ made }) => made !== 'nothing')).toHaveLength(1);
      expect(readdirSync(dir).sort()).toEqual(FILES);
    });

    it('killed at any moment are repaired by the next start', async () => {
      await Promise.all(
        [0, 15].map(async (delay) => {
          const dir = temporaryDirectory();
          const child = start(dir);
          // The moment is left to chance: whatever it is, what follows must hold.
          child.stdout?.once('data', () => setTimeout(() => child.kill('SIGKILL'), delay));
          await once(child, 'close');
          await expectRepaired(dir, () => new Date());
        }),
      );
    });

    it('that watch a directory are not kept alive by it', async () => {
      const script = `
        import { watchDirectory } from './tls/watch.js';
        watchDirectory({ dir: '.', now: () => new Date(), onChange() {}, onError() {}, debounceMs: 60000 });
        setTimeout(() => {}, 50);`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        cwd: room,
        stdio: 'inherit',
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      expect(await once(child, 'exit')).toEqual([0, null]);
    });
  });
});
