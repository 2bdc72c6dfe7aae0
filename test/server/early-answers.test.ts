import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import tls, { type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { answerEarly, LINGER, SHORT_LINGER } from '../../src/server/replies.ts';
import { makeClientAuthority } from '../support/client-certificates.ts';
import { startServer, type TestServer, type TestServerOptions } from '../support/server.ts';
import { until } from '../support/until.ts';

// The test sets the clock: on a busy machine a client is slower than the server expects.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** More than an unread connection holds. */
const REST = Buffer.alloc(6 * 1024 * 1024, ' ');

async function start(options: TestServerOptions = {}) {
  const server = await startServer(options);
  onTestFinished(() => server.close());
  const sockets: TLSSocket[] = [];
  server.app.server.on('secureConnection', (socket) => sockets.push(socket));
  return {
    server,
    /** Whether the first client has got something. */
    hasAnswered: () => (sockets[0]?.bytesWritten ?? 0) > 0,
  };
}

/** Sends the first bytes, the rest once there is an answer, and only then looks at what came. */
async function sendBeforeReading(
  server: TestServer,
  first: string,
  hasAnswered: () => boolean,
): Promise<string> {
  const socket = tls.connect({ host: '127.0.0.1', port: server.port, ca: server.certificates.ca });
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.on('error', (error) => {
    text += `\n${error.message}`;
  });
  await once(socket, 'secureConnect');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.pause();
  socket.write(first);
  await until(hasAnswered);
  await new Promise((resolve) => socket.write(REST, resolve));
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.resume();
  await closed;
  return text;
}

function head(line: string, more = ''): string {
  return `${line} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${more}Content-Length: ${REST.length + 1}\r\n\r\n `;
}

describe('an answer before the end of the body', () => {
  const close = 'Connection: close\r\n';
  it.each([
    { name: 'a path that is none', first: head('POST /nowhere', close), status: 404 },
    { name: 'a method that is none', first: head('PUT /validate', close), status: 405 },
    {
      name: 'a type that is none',
      first: head('POST /validate', close).replace('application/json', 'text/plain'),
      status: 415,
    },
    { name: 'a path that cannot be read', first: head('POST /mutate/%zz'), status: 400 },
    { name: 'an expectation', first: head('POST /validate', 'Expect: wonders\r\n'), status: 417 },
    {
      name: 'too many bytes of headers',
      first: head('POST /validate', `X: ${'x'.repeat(20_000)}\r\n`),
      status: 431,
    },
    { name: 'a header that is none', first: head('POST /validate', 'X\r\n'), status: 400 },
  ])('arrives while the client continues sending: $name, $status', async ({ first, status }) => {
    const { server, hasAnswered } = await start();
    const text = await sendBeforeReading(server, first, hasAnswered);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*connection: close.*\\{"error":".*\\}$`, 'is'));
  });

  it('reaches a caller without a certificate', async () => {
    const { ca } = await makeClientAuthority();
    const { server, hasAnswered } = await start({ clients: { required: true, names: [], ca } });
    const text = await sendBeforeReading(server, head('POST /validate'), hasAnswered);
    expect(text).toMatch(/^HTTP\/1\.1 403 .*connection: close.*a client certificate is required.*\}$/is);
  });

  it('arrives while the server drains', async () => {
    const { server, hasAnswered } = await start();
    server.readiness.startDraining();
    const text = await sendBeforeReading(server, head('POST /nowhere'), hasAnswered);
    expect(text).toMatch(/^HTTP\/1\.1 404 .*connection: close.*no such path.*\}$/is);
  });

  it('reaches a caller after the deadline', async () => {
    const { server, hasAnswered } = await start();
    const text = await sendBeforeReading(server, head('POST /validate?timeout=1s'), () => {
      if (vi.getTimerCount() > 0 && !hasAnswered()) vi.advanceTimersByTime(1000);
      return hasAnswered();
    });
    expect(text).toMatch(/^HTTP\/1\.1 503 .*connection: close.*the deadline of the request has passed"\}$/is);
  });

  it('leaves the connection open where nothing is wrong with that', async () => {
    const { server, hasAnswered } = await start();
    const socket = tls.connect({ host: '127.0.0.1', port: server.port, ca: server.certificates.ca });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'secureConnect');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.write(head('POST /nowhere'));
    await until(hasAnswered);
    socket.write(REST);
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => text.includes('{"status":"ok"}'));
    expect(text).toMatch(/^HTTP\/1\.1 404 .*connection: keep-alive.*HTTP\/1\.1 200 /is);
  });
});

describe('the rest of a body', () => {
  function answer(linger = LINGER) {
    const request = new EventEmitter();
    const response = { writeHead: () => {}, write: () => {}, end: vi.fn() };
    answerEarly(request as IncomingMessage, response as unknown as ServerResponse, {
      status: 400,
      message: 'x',
      headers: {},
      linger,
    });
    return { request, hasEnded: () => response.end.mock.calls.length > 0 };
  }

  it.each(['end', 'close'])('is read to its %s', (event) => {
    const { request, hasEnded } = answer();
    request.emit(event);
    expect(hasEnded()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    expect(request.eventNames()).toEqual([]);
  });

  it('is read while some of it comes, and for so long in all', () => {
    const { request, hasEnded } = answer();
    for (let time = 0; time < LINGER.total - LINGER.silence; time += LINGER.silence - 1) {
      vi.advanceTimersByTime(LINGER.silence - 1);
      request.emit('data');
    }
    expect(hasEnded()).toBe(false);
    vi.advanceTimersByTime(LINGER.silence);
    expect(hasEnded()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not waited for when nothing of it comes', () => {
    const { hasEnded } = answer();
    vi.advanceTimersByTime(LINGER.silence - 1);
    expect(hasEnded()).toBe(false);
    vi.advanceTimersByTime(1);
    expect(hasEnded()).toBe(true);
  });

  it('of a caller whose time is over is read for a moment only', () => {
    const { request, hasEnded } = answer(SHORT_LINGER);
    vi.advanceTimersByTime(SHORT_LINGER.total - 1);
    request.emit('data');
    vi.advanceTimersByTime(1);
    expect(hasEnded()).toBe(true);
  });
});
