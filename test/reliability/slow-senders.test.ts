import { readdirSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { Served } from '../e2e/process.ts';
import { sample, startLoad } from './client.ts';
import { milliseconds, record, zeroOf } from './figures.ts';
import { isFull, rateOf, scaled } from './form.ts';
import { describeDelay, watchMachine } from './machine.ts';
import { bundlesOfDirectory, portOf, startReplica } from './replica.ts';
import { createDialer, headOf, openWire } from './wire.ts';

const RATE = rateOf(100);
/** Bytes that come too slowly are given up after so many seconds from the first of them. */
const PARTIAL_SECONDS = 20;
/** kube-apiserver keeps a connection for 90 s, used or not; no connection is kept for longer than this. */
const SILENT_SECONDS = 125;
/** Slowly enough: what handshakes cost is not the question. */
const OPEN_AT_ONCE = 10;
const OPEN_PAUSE_MS = 100;

const GOOD = sample('11-good-shoot.json', '/validate', { allowed: true, patched: false }).body;

/** What a slow sender sends: at once, then a byte a second, for ever. */
interface Kind {
  readonly name: string;
  readonly first: string;
  readonly slowly: string;
  /** Seconds of silence before. */
  readonly after?: number;
}

const HEAD = headOf(2000);
const CHUNKED = HEAD.replace(/Content-Length: \d+/, 'Transfer-Encoding: chunked');
const BODY = `{"request":{"uid":"${'u'.repeat(500)}`;
const KINDS: readonly Kind[] = [
  { name: 'head', first: '', slowly: HEAD + BODY },
  { name: 'second head', first: headOf(GOOD.length) + GOOD, slowly: HEAD + BODY },
  { name: 'head after a silence', first: '', slowly: HEAD + BODY, after: 12 },
  { name: 'headers without end', first: 'POST /validate HTTP/1.1\r\n', slowly: 'X: 1\r\n'.repeat(100) },
  { name: 'body', first: HEAD, slowly: BODY },
  { name: 'large body', first: headOf(3_000_000), slowly: BODY },
  { name: 'chunks', first: CHUNKED, slowly: '1\r\n \r\n'.repeat(100) },
];

/** Seconds from the first byte to the end of a connection, by what was sent on it. */
type Lives = { readonly name: string; readonly seconds: number }[];

/** Resolves with the time at which the other side has ended it. */
function gone(socket: net.Socket): Promise<number> {
  return new Promise((resolve) => {
    const settle = (): void => resolve(performance.now());
    socket.on('end', settle);
    socket.on('close', settle);
    socket.on('error', () => {});
    socket.resume();
  });
}

/** A hundred a second at most. */
async function openMany<T>(count: number, open: (index: number) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let from = 0; from < count; from += OPEN_AT_ONCE) {
    const group = Array.from({ length: Math.min(OPEN_AT_ONCE, count - from) }, (_, index) =>
      open(from + index),
    );
    all.push(...(await Promise.all(group)));
    await sleep(OPEN_PAUSE_MS);
  }
  return all;
}

async function trickle(socket: net.Socket, kind: Kind, lives: Lives, over: AbortSignal): Promise<void> {
  const { name, first, slowly, after = 0 } = kind;
  await sleep(after * 1000);
  socket.write(first);
  // The answer to a first request that is good.
  if (name === 'second head') await new Promise((resolve) => socket.once('data', resolve));
  const start = performance.now();
  let end: number | undefined;
  void gone(socket).then((at) => {
    end = at;
  });
  for (let sent = 0; end === undefined && !over.aborted; sent += 1) {
    socket.write(slowly[sent % slowly.length] ?? ' ');
    await sleep(1000);
  }
  lives.push({ name, seconds: ((end ?? Number.POSITIVE_INFINITY) - start) / 1000 });
  socket.destroy();
}

function worst(lives: Lives): string {
  const names = [...new Set(lives.map(({ name }) => name))];
  return names
    .map((name) => {
      const seconds = Math.max(...lives.filter((each) => each.name === name).map((each) => each.seconds));
      return `${name} ${seconds === Number.POSITIVE_INFINITY ? 'never' : `${seconds.toFixed(1)} s`}`;
    })
    .join(', ');
}

function countDescriptors(served: Served): number {
  return readdirSync(`/proc/${served.child.pid}/fd`).length;
}

/** Opened and left alone; some are then used, after so long that a server may have closed them. */
async function keepSilent(
  dial: () => Promise<tls.TLSSocket>,
  counts: { readonly all: number; readonly used: number },
  watchedSeconds: number,
): Promise<{ readonly failed: number; readonly lives: readonly number[]; readonly stillOpen: number }> {
  const sockets = await openMany(counts.all, async () => ({
    socket: await dial(),
    start: performance.now(),
  }));
  let failed = 0;
  const lives: number[] = [];
  let stillOpen = 0;
  const [from, to] = [5, watchedSeconds - 1];
  await Promise.all(
    sockets.map(async ({ socket, start }, index) => {
      if (index < counts.used) {
        const due = start + 1000 * (from + ((to - from) * index) / counts.used);
        await sleep(Math.max(0, due - performance.now()));
        const answer = await openWire(socket).ask(headOf(GOOD.length), GOOD);
        if (answer?.status !== 200 || !answer.text.includes('"allowed":true')) failed += 1;
        socket.destroy();
        return;
      }
      let end: number | undefined;
      const ended = gone(socket).then((at) => {
        end = at;
      });
      await Promise.race([ended, sleep(start + watchedSeconds * 1000 - performance.now())]);
      if (end === undefined) stillOpen += 1;
      // Its end takes too long for the short form.
      if (isFull())
        await Promise.race([ended, sleep(start + 1000 * (SILENT_SECONDS + 15) - performance.now())]);
      if (isFull()) lives.push(((end ?? Number.POSITIVE_INFINITY) - start) / 1000);
      socket.destroy();
    }),
  );
  return { failed, lives, stillOpen };
}

describe('connections that are only held open', () => {
  it('are closed, unless they send nothing, and good requests are not affected', async () => {
    const served = await startReplica({});
    const port = portOf(served.url);
    const dial = createDialer(served);
    const counts = {
      slow: scaled(1000),
      silent: scaled(1000),
      used: scaled(200),
      raw: scaled(200),
      half: scaled(200),
    };
    const watchedSeconds = isFull() ? 90 : 30;
    const baseline = countDescriptors(served);
    const load = startLoad({
      port,
      bundles: bundlesOfDirectory(served),
      clients: 2,
      rate: RATE,
    });
    const machine = await watchMachine();
    const start = performance.now();
    const over = new AbortController();
    // No request waits longer for what should have gone.
    setTimeout(() => over.abort(), 60_000).unref();
    const lives: Lives = [];
    const started = async (): Promise<void> => {
      const slow = await openMany(counts.slow, () => dial());
      await Promise.all(
        slow.map((socket, index) => trickle(socket, KINDS[index % KINDS.length] as Kind, lives, over.signal)),
      );
    };
    const halves = async (): Promise<void> => {
      const sockets = await openMany(counts.half, async () => {
        const socket = await dial();
        const ended = gone(socket);
        const since = performance.now();
        socket.write(headOf(GOOD.length) + GOOD.slice(0, GOOD.length / 2));
        return { socket, ended, since };
      });
      await waitForEnds('half a body', sockets, lives, over.signal);
    };
    const withoutHandshake = async (): Promise<void> => {
      const sockets = await openMany(counts.raw, async (index) => {
        const socket = net.connect(port, '127.0.0.1');
        const ended = gone(socket);
        await new Promise((resolve) => socket.once('connect', resolve));
        // Some of them begin a handshake, of which no more comes.
        if (index % 2 === 0) socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]));
        return { socket, ended, since: performance.now() };
      });
      await waitForEnds('no handshake', sockets, lives, over.signal);
    };
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, countDescriptors(served));
    }, 500);
    const [silent] = await Promise.all([
      keepSilent(() => dial(), { all: counts.silent, used: counts.used }, watchedSeconds),
      started(),
      halves(),
      withoutHandshake(),
    ]);
    // To the end of the time that was promised, also when nothing is left.
    if (isFull()) await sleep(Math.max(0, 180_000 - (performance.now() - start)));
    clearInterval(watch);
    const seconds = Math.round((performance.now() - start) / 1000);
    const delay = await machine.read();
    const good = await load.stop();
    let left = countDescriptors(served);
    for (let waited = 0; waited < 50 && left > baseline; waited += 1) {
      await sleep(100);
      left = countDescriptors(served);
    }

    const unused = counts.silent - counts.used;
    record({
      number: 3,
      test: 'slow-senders',
      promise:
        'a connection that has not been used yet is kept for longer than API servers keep one (90 s), and works then',
      load: `${counts.used} first requests after 5 to ${watchedSeconds - 1} s of silence; ${unused} connections that stay silent`,
      measured: `${zeroOf(silent.failed, counts.used)}; ${silent.stillOpen} of ${unused} still open after ${watchedSeconds} s${silent.lives.length > 0 ? `, the last one gone after ${Math.max(...silent.lives).toFixed(1)} s` : ''}`,
      elsewhere: 'controller-runtime and Pepr end a connection that has sent nothing after 32 s',
    });
    record({
      number: 5,
      test: 'slow-senders',
      promise: `who sends a request too slowly is gone after ${PARTIAL_SECONDS} s, and nobody else notices: no request fails, p99 at most 100 ms`,
      load: `${counts.slow} connections that send a byte a second, ${counts.half} with half a body, ${counts.raw} without a handshake, ${counts.silent} silent ones; ${RATE} good requests a second for ${seconds} s`,
      measured: `${zeroOf(good.failed + good.refused, good.requests)}; p99 ${milliseconds(good.p99)}; the last of each gone after: ${worst(lives)}; open files: ${baseline} before, at most ${most}, ${left} after; ${describeDelay(delay)}`,
      elsewhere:
        'controller-runtime sets no ReadTimeout: half a body stays for as long as its sender does; Kyverno cuts everything at 30 s',
    });
    expect(good.errors).toEqual({});
    expect(good.requests).toBeGreaterThan(RATE * (seconds - 5));
    expect(lives).toHaveLength(counts.slow + counts.half + counts.raw);
    // These are seconds, and the server's own clock keeps them; a busy machine is late by less.
    const late = lives.filter((each) => each.seconds > PARTIAL_SECONDS).map(({ name }) => name);
    expect([...new Set(late)]).toEqual([]);
    expect({ failed: silent.failed, stillOpen: silent.stillOpen }).toEqual({ failed: 0, stillOpen: unused });
    if (isFull()) expect(Math.max(...silent.lives)).toBeLessThanOrEqual(SILENT_SECONDS);
    expect(most).toBeGreaterThan(baseline + counts.silent);
    expect(left).toBeLessThanOrEqual(baseline);
    if (isFull()) expect(good.p99).toBeLessThanOrEqual(100 + delay.p99);
  });
});

async function waitForEnds(
  name: string,
  sockets: readonly {
    readonly socket: net.Socket;
    readonly ended: Promise<number>;
    readonly since: number;
  }[],
  lives: Lives,
  over: AbortSignal,
): Promise<void> {
  const tooLate = new Promise<number>((resolve) =>
    over.addEventListener('abort', () => resolve(Number.POSITIVE_INFINITY)),
  );
  await Promise.all(
    sockets.map(async ({ socket, ended, since }) => {
      lives.push({ name, seconds: ((await Promise.race([ended, tooLate])) - since) / 1000 });
      socket.destroy();
    }),
  );
}
