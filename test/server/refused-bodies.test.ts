import { once } from 'node:events';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BODY_LIMIT } from '../../src/server/body.ts';
import { LINGER } from '../../src/server/replies.ts';
import { toReview } from '../support/review.ts';
import { isInFlight, send, startServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const small = JSON.stringify(toReview({ object: { kind: 'Shoot', spec: {} } }));

describe('a body that is too large', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  /** Sends a piece, waits for so long after it has arrived, sends the rest, and only then reads the answer. */
  async function sendInTwo(pieces: readonly [Buffer, Buffer], idleMs: number): Promise<string> {
    const socket = tls.connect({ host: '127.0.0.1', port: server.port, ca: server.certificates.ca });
    await once(socket, 'secureConnect');
    let text = '';
    socket.on('error', (error) => {
      text += error.message;
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.pause();
    socket.write(pieces[0]);
    await until(isRejected);
    vi.advanceTimersByTime(idleMs);
    await new Promise((resolve) => socket.write(pieces[1], resolve));
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.resume();
    await closed;
    return text;
  }

  /** The deadline of the request is one timer, and two are for the wait for the rest of a rejected body. */
  function isRejected(): boolean {
    return vi.getTimerCount() === 3;
  }

  const head = 'POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
  const whole = Buffer.alloc(BODY_LIMIT + 1, ' ');

  it.each([
    {
      name: 'by its length',
      pieces: [
        Buffer.from(`${head}Content-Length: ${whole.length}\r\n\r\n${' '.repeat(100_000)}`),
        whole.subarray(100_000),
      ],
    },
    {
      name: 'by what came',
      pieces: [
        Buffer.concat([
          Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n${whole.length.toString(16)}\r\n`),
          whole,
          Buffer.from('\r\n'),
        ]),
        Buffer.from(`${whole.length.toString(16)}\r\n${whole}\r\n0\r\n\r\n`),
      ],
    },
  ] as const)('is rejected with a text, also for a sender that pauses ($name)', async ({ pieces }) => {
    const text = await sendInTwo([...pieces], LINGER.silence - 1);
    expect(text).toMatch(/^HTTP\/1\.1 413 [\s\S]*connection: close[\s\S]*the body is too large/i);
  });

  it('is not waited for without end', async () => {
    const socket = tls.connect({ host: '127.0.0.1', port: server.port, ca: server.certificates.ca });
    await once(socket, 'secureConnect');
    const closed = once(socket, 'close');
    let isClosed = false;
    socket.once('close', () => {
      isClosed = true;
    });
    socket.write(`${head}Content-Length: ${whole.length}\r\n\r\n `);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /);
    vi.advanceTimersByTime(LINGER.silence - 1);
    // Had it been let go, that would be known before a whole review has been answered.
    expect((await send(server, { path: '/validate', body: small })).status).toBe(200);
    expect(isClosed).toBe(false);
    vi.advanceTimersByTime(1);
    socket.resume();
    await closed;
  });

  it('whose sender leaves affects no other client', async () => {
    const socket = tls.connect({ host: '127.0.0.1', port: server.port, ca: server.certificates.ca });
    await once(socket, 'secureConnect');
    socket.write(`${head}Content-Length: ${whole.length}\r\n\r\n `);
    await once(socket, 'data');
    socket.destroy();
    await until(() => isInFlight(server, 0));
    expect((await send(server, { path: '/validate', body: small })).status).toBe(200);
  });
});
