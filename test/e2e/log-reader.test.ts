import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type Reaper, startReaper } from './cluster/reaper.ts';
import { MAIN } from './process.ts';

/** Has the longest names that a log line shows, so that some hundred reviews are more than a pipe holds. */
const REVIEW = JSON.stringify({
  request: {
    uid: 'u'.repeat(256),
    namespace: 'n'.repeat(256),
    name: 'x'.repeat(256),
    object: { kind: 'Shoot', spec: {} },
  },
});

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  review(times: number): Promise<void>;
}

const reapers: Reaper[] = [];
const descriptors: number[] = [];
afterEach(async () => {
  for (const reaper of reapers.splice(0)) await reaper.reap();
  for (const fd of descriptors.splice(0)) closeSync(fd);
});

/** A server whose standard output is a pipe of which only the ready line is read. */
async function serve(reader: 'gets stuck' | 'is head -1'): Promise<Running> {
  const dir = mkdtempSync(join(tmpdir(), 'calico-log-reader-'));
  const fifo = join(dir, 'log');
  execFileSync('mkfifo', [fifo]);
  // Made before, so that the first line is the one that says where it is.
  execFileSync(process.execPath, [MAIN, 'certs', '--cert-dir', dir]);
  const reaper = startReaper(dir);
  reapers.push(reaper);
  // Both ends, so that neither opening waits for the other.
  const both = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  const writer = openSync(fifo, constants.O_WRONLY);
  const child = spawn(
    process.execPath,
    [MAIN, 'serve', '--port', '0', '--health-port', '0', '--cert-dir', dir, '--drain-seconds', '0'],
    { stdio: ['ignore', writer, 'inherit'] },
  );
  reaper.watch(child);
  const ended: Running['ended'] = new Promise((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  closeSync(writer);
  let first: string;
  if (reader === 'is head -1') {
    const head = spawn('head', ['-1', fifo], { stdio: ['ignore', 'pipe', 'inherit'] });
    reaper.watch(head);
    closeSync(both);
    first = await text(head);
  } else {
    descriptors.push(both);
    first = await readLine(both);
  }
  const { url } = JSON.parse(first);
  const agent = new https.Agent({ ca: readFileSync(join(dir, 'ca.crt')), keepAlive: true });
  return {
    child,
    ended,
    review: async (times) => {
      for (let count = 0; count < times; count += 1) {
        const request = https.request(`${url}/validate`, {
          agent,
          method: 'POST',
          headers: { 'content-type': 'application/json' },
        });
        request.end(REVIEW);
        const [response] = await once(request, 'response');
        expect(response.statusCode).toBe(200);
        await once(response.resume(), 'end');
      }
      agent.destroy();
    },
  };
}

async function text(child: ChildProcess): Promise<string> {
  let all = '';
  child.stdout?.on('data', (chunk) => {
    all += chunk;
  });
  await once(child, 'close');
  return all;
}

async function readLine(fd: number): Promise<string> {
  const buffer = Buffer.alloc(4096);
  for (;;) {
    try {
      return buffer.toString('utf8', 0, readSync(fd, buffer));
    } catch {
      await sleep(20);
    }
  }
}

const SIGNALS: readonly { readonly signals: readonly NodeJS.Signals[]; readonly code: number }[] = [
  { signals: ['SIGTERM'], code: 0 },
  { signals: ['SIGTERM', 'SIGTERM'], code: 0 },
  { signals: ['SIGINT'], code: 130 },
];

// The reader must not decide whether the server ends: a Pod that cannot be ended is killed in the end, and a
// terminal hangs.
describe.each(['gets stuck', 'is head -1'] as const)('a server whose log reader %s', (reader) => {
  it.each(SIGNALS)('ends at $signals', async ({ signals, code }) => {
    const { child, ended, review } = await serve(reader);
    // More than a pipe holds; or nothing, so that its last lines are the first that are not read.
    if (reader === 'gets stuck') await review(300);
    for (const signal of signals) {
      child.kill(signal);
      await sleep(20);
    }
    expect(await ended).toEqual({ code, signal: null });
  });
});
