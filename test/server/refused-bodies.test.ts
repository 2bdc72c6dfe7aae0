import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BODY_LIMIT } from '../../src/server/body.ts';
import { toReview } from '../support/review.ts';
import { send, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const small = JSON.stringify(toReview({ object: { kind: 'Shoot', spec: {} } }));

describe('a body that is too large', () => {
  /** Sends a piece, is silent, sends the rest, and only then looks at what came back. */
  async function sendInTwo(pieces: readonly [Buffer, Buffer], silentMs: number): Promise<string> {
    const socket = tls.connect({ host: '127.0.0.1', port: server.port, ca: server.certificates.ca });
    await once(socket, 'secureConnect');
    let text = '';
    socket.on('error', (error) => {
      text += error.message;
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.pause();
    socket.write(pieces[0]);
    await sleep(silentMs);
    await new Promise((resolve) => socket.write(pieces[1], resolve));
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.resume();
    await closed;
    return text;
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
  ] as const)('is refused in words, also to a sender who stops for a while ($name)', async ({ pieces }) => {
    const text = await sendInTwo([...pieces], 400);
    expect(text).toMatch(/^HTTP\/1\.1 413 [\s\S]*connection: close[\s\S]*the body is too large/i);
  });

  it('is not waited for without end', async () => {
    const begin = performance.now();
    const text = await sendInTwo(
      [Buffer.from(`${head}Content-Length: ${whole.length}\r\n\r\n `), Buffer.from(' ')],
      0,
    );
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(performance.now() - begin).toBeGreaterThan(1000);
  });

  it('whose sender goes harms nobody', async () => {
    const socket = tls.connect({ host: '127.0.0.1', port: server.port, ca: server.certificates.ca });
    await once(socket, 'secureConnect');
    socket.write(`${head}Content-Length: ${whole.length}\r\n\r\n `);
    await once(socket, 'data');
    socket.destroy();
    await sleep(100);
    expect((await send(server, { path: '/validate', body: small })).status).toBe(200);
  });
});
