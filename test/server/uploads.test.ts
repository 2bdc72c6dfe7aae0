import { once } from 'node:events';
import tls from 'node:tls';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { BODIES_LIMIT, SMALL_RESERVE } from '../../src/server/body-budget.ts';
import { DEFAULT_TIMES } from '../../src/server/connections.ts';
import { LINGER } from '../../src/server/replies.ts';
import { toReview } from '../support/review.ts';
import { send, startServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const MIB = 1024 * 1024;
const LARGE_LIMIT = BODIES_LIMIT - SMALL_RESERVE;

describe('stalled uploads', () => {
  const reviews = [0, 45_000, 5_000_000].map((length) =>
    JSON.stringify(
      toReview({ object: { kind: 'Shoot', metadata: { annotations: { x: 'x'.repeat(length) } }, spec: {} } }),
    ),
  );

  interface Sender {
    readonly socket: tls.TLSSocket;
    text(): string;
  }

  /** Announces so many bytes, sends the first of them, and no more. */
  async function stall(server: TestServer, announced: string, sent: number): Promise<Sender> {
    const socket = tls.connect({ host: '127.0.0.1', port: server.port, ca: server.certificates.ca });
    onTestFinished(() => void socket.destroy());
    let text = '';
    socket.on('error', (error) => {
      text += error.message;
    });
    socket.on('data', (chunk) => {
      text += chunk;
    });
    await once(socket, 'secureConnect');
    socket.write(
      `POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${announced}\r\n\r\n`,
    );
    const body = Buffer.alloc(sent, ' ');
    await new Promise((resolve) =>
      socket.write(announced.includes('chunked') ? toChunk(body) : body, resolve),
    );
    return { socket, text: () => text };
  }

  function toChunk(bytes: Buffer): Buffer {
    return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
  }

  async function held(server: TestServer): Promise<number> {
    const { text } = await server.metrics.expose();
    return Number(/^calico_admission_body_bytes (\d+)$/m.exec(text)?.[1]);
  }

  async function counted(server: TestServer, verdict: string): Promise<number> {
    const { text } = await server.metrics.expose();
    const line = new RegExp(
      `^calico_admission_review_duration_seconds_count\\{.*verdict="${verdict}"\\} (\\d+)$`,
      'm',
    );
    return Number(line.exec(text)?.[1] ?? 0);
  }

  async function start(now?: () => number): Promise<TestServer> {
    // No connection must be closed because this machine is slow.
    const times = { ...DEFAULT_TIMES, head: 60_000, body: 60_000 };
    const server = await startServer({ times, ...(now && { now }) });
    onTestFinished(() => server.close());
    return server;
  }

  async function expectAllAnswered(server: TestServer): Promise<void> {
    for (const body of reviews) {
      expect((await send(server, { path: '/validate', body })).status).toBe(200);
    }
  }

  it.each([
    { name: 'a length', announced: 'Content-Length: 1048577' },
    { name: 'no length', announced: 'Transfer-Encoding: chunked' },
  ])('hold what has arrived and reject no request: 17 of one byte with $name', async ({ announced }) => {
    const server = await start();
    for (let count = 0; count < 17; count += 1) await stall(server, announced, 1);
    await until(async () => (await held(server)) === 17);
    await expectAllAnswered(server);
    expect(await held(server)).toBe(17);
  });

  it('hold what has arrived where the length comes after more headers than are read, or are rejected', async () => {
    const server = await start();
    const announced = `${'x: 1\r\n'.repeat(120)}Content-Length: 3000000`;
    const senders: Sender[] = [];
    for (let count = 0; count < 17; count += 1) senders.push(await stall(server, announced, 1));
    const rejected = () => senders.filter(({ text }) => /^HTTP\/1\.1 431 /.test(text())).length;
    // From Node.js 24 on, more than a hundred headers are rejected; before, the rest is ignored.
    await until(async () => (await held(server)) === 17 || rejected() === 17);
    const before = await held(server);
    expect([before, rejected()]).toBeOneOf([
      [17, 0],
      [0, 17],
    ]);
    await expectAllAnswered(server);
    expect(await held(server)).toBe(before);
  });

  it('hold so much together and no more, and reject no small request: 64 of 1 MiB', async () => {
    const server = await start();
    const senders: Sender[] = [];
    for (let count = 0; count < 64; count += 1) {
      senders.push(await stall(server, `Content-Length: ${MIB}`, MIB - 1));
      expect(await held(server)).toBeLessThanOrEqual(BODIES_LIMIT);
    }
    await expectAllAnswered(server);
    const rejected = (): Sender[] => senders.filter(({ text }) => text() !== '');
    // Those that had to go, and no more than were needed.
    await until(async () => rejected().length === (await counted(server, 'overload')));
    expect(rejected().length).toBeGreaterThanOrEqual(64 - LARGE_LIMIT / MIB);
    expect(rejected().length).toBeLessThanOrEqual(64 + 6 - LARGE_LIMIT / MIB);
    for (const { text } of rejected()) {
      expect(text()).toMatch(
        /^HTTP\/1\.1 429 [\s\S]*retry-after: 1[\s\S]*too many bytes are being received at once/,
      );
    }
    for (const { socket } of senders) socket.destroy();
    await until(async () => (await held(server)) === 0);
  });

  it('get that answer, also where their sender continues to send and only then reads', async () => {
    let time = 0;
    const server = await start(() => time);
    const victim = await stall(server, `Content-Length: ${3 * MIB}`, MIB);
    await until(async () => (await held(server)) === MIB);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    victim.socket.pause();
    // From here on it is slower than all others.
    time = 1000;
    for (let count = 0; count < LARGE_LIMIT / MIB; count += 1)
      await stall(server, `Content-Length: ${MIB}`, MIB - 1);
    await until(() => server.lines.length > 0);
    expect(server.lines).toMatchObject([{ level: 'warn', path: '/validate' }]);
    vi.advanceTimersByTime(LINGER.silence - 1);
    await new Promise((resolve) => victim.socket.write(Buffer.alloc(2 * MIB, ' '), resolve));
    victim.socket.resume();
    await once(victim.socket, 'close');
    expect(victim.text()).toMatch(
      /^HTTP\/1\.1 429 [\s\S]*too many bytes are being received at once; try again"}$/,
    );
  });
});
