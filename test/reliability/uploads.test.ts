import { setTimeout as sleep } from 'node:timers/promises';
import type tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { BODIES_LIMIT } from '../../src/server/body-budget.ts';
import { ROOT } from '../e2e/process.ts';
import { environmentOfManifests } from '../support/manifest-environment.ts';
import { readRss } from '../support/resident-memory.ts';
import { toReview } from '../support/review.ts';
import { startLoad } from './client.ts';
import { milliseconds, record, zeroOf } from './figures.ts';
import { rateOf, scaled } from './form.ts';
import { describeDelay, watchMachine } from './machine.ts';
import { bundlesOfDirectory, portOf, readMetric, startReplica } from './replica.ts';
import { createDialer, headOf, openWire } from './wire.ts';

const MIB = 1024 * 1024;
const MOST_MIB = 320;
const RATE = rateOf(50);
/** Fifty a second: what handshakes cost is not the question. */
const OPEN_AT_ONCE = 10;
const OPEN_PAUSE_MS = 200;
/** Of each kind. */
const SECONDS = scaled(20, 6);

const LARGE = JSON.stringify(
  toReview({
    object: { kind: 'Shoot', metadata: { annotations: { x: 'x'.repeat(5_000_000) } }, spec: {} },
  }),
);

/** What is sent of a body that is never finished, a part a second. */
interface Kind {
  readonly name: string;
  /** So many at once, at most. */
  readonly count: number;
  readonly announced: number;
  readonly parts: readonly Buffer[];
}

const KINDS: readonly Kind[] = [
  { name: 'unfinished', count: 1000, announced: MIB, parts: [Buffer.alloc(MIB - 1, ' ')] },
  { name: 'one byte', count: 16, announced: MIB + 1, parts: [Buffer.alloc(1, ' ')] },
  { name: 'slow', count: 64, announced: MIB, parts: Array<Buffer>(10).fill(Buffer.alloc(MIB / 10 - 1, ' ')) },
];

interface Attack {
  /** How many have been begun, and what they were answered; none: nothing. */
  readonly begun: () => number;
  readonly answers: ReadonlyMap<string, number>;
  stop(): void;
}

/** Keeps so many uploads open: where one has ended another comes. */
function attack(kind: Kind, dial: () => Promise<tls.TLSSocket>): Attack {
  const answers = new Map<string, number>();
  const open = new Set<tls.TLSSocket>();
  let begun = 0;
  let isOver = false;
  const upload = async (): Promise<void> => {
    const socket = await dial().catch(() => undefined);
    if (socket === undefined || isOver) {
      socket?.destroy();
      return;
    }
    begun += 1;
    open.add(socket);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => {
      open.delete(socket);
      if (isOver) return;
      const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 'none';
      answers.set(status, (answers.get(status) ?? 0) + 1);
    });
    socket.write(headOf(kind.announced));
    void send(socket, kind.parts);
  };
  const keepOpen = async (): Promise<void> => {
    while (!isOver) {
      const missing = Math.min(OPEN_AT_ONCE, kind.count - open.size);
      await Promise.all([...Array.from({ length: missing }, upload), sleep(OPEN_PAUSE_MS)]);
    }
  };
  void keepOpen();
  return {
    begun: () => begun,
    answers,
    stop: () => {
      isOver = true;
      for (const socket of open) socket.destroy();
    },
  };
}

async function send(socket: tls.TLSSocket, parts: readonly Buffer[]): Promise<void> {
  for (const part of parts) {
    if (socket.destroyed) return;
    socket.write(part);
    await sleep(1000);
  }
}

describe('uploads that are never finished', () => {
  it('hold little memory, and neither small nor large reviews notice', async () => {
    const served = await startReplica({ env: environmentOfManifests(ROOT) });
    const pid = served.child.pid ?? 0;
    const dial = createDialer(served);
    const machine = await watchMachine();
    const load = startLoad({
      port: portOf(served.url),
      bundles: bundlesOfDirectory(served),
      clients: 2,
      rate: RATE,
    });
    const idle = readRss(pid);
    let peak = 0;
    let held = 0;
    const watching = setInterval(() => {
      if (served.child.exitCode !== null || served.child.signalCode !== null) return;
      peak = Math.max(peak, readRss(pid));
      void readMetric(served, /^calico_admission_body_bytes /).then((bytes) => {
        held = Math.max(held, bytes);
      });
    }, 200);
    let [large, failed] = [0, 0];
    const reported: string[] = [];
    for (const kind of KINDS) {
      const { answers, begun, stop } = attack(kind, () => dial());
      const end = performance.now() + SECONDS * 1000;
      while (performance.now() < end) {
        const wire = openWire(await dial());
        const answer = await wire.ask(headOf(Buffer.byteLength(LARGE)), LARGE);
        large += 1;
        if (answer?.status !== 200 || !answer.text.includes('"allowed":true')) failed += 1;
        wire.socket.destroy();
        await sleep(500);
      }
      stop();
      const statuses = [...answers].map(([status, count]) => `${count} × ${status}`).join(', ') || 'none';
      reported.push(`${begun()} ${kind.name}: ${statuses}`);
    }
    clearInterval(watching);
    const delay = await machine.read();
    const good = await load.stop();
    record({
      number: 13,
      test: 'uploads',
      promise: `uploads that are never finished hold at most ${MOST_MIB} MiB of resident memory with the process, and nobody else is turned away`,
      load: `up to ${KINDS.map(({ name, count, announced }) => `${count} of ${announced} bytes (${name})`).join(', then ')}, each kind for ${SECONDS} s, and again where one has ended; beside them ${RATE} reviews a second and ${large} of 5 MB`,
      measured: `memory ${Math.round(idle)} MiB before, at most ${Math.round(peak)}; at most ${(held / MIB).toFixed(1)} MiB of bodies at once; ${zeroOf(good.failed + good.refused, good.requests)}, p99 ${milliseconds(good.p99)}; ${zeroOf(failed, large)} of 5 MB; answers to the uploads: ${reported.join('; ')}; ${describeDelay(delay)}`,
      elsewhere: 'Kyverno reads bodies of any size into memory',
    });
    expect(good.errors).toEqual({});
    expect({ failed, refused: good.refused }).toEqual({ failed: 0, refused: 0 });
    expect(peak).toBeLessThanOrEqual(MOST_MIB);
    expect(held).toBeLessThanOrEqual(BODIES_LIMIT);
    // There was something to hold.
    expect(held).toBeGreaterThan(MIB);
  });
});
