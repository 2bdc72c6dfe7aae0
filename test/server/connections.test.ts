import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { type ConnectionTimes, handshakeFault } from '../../src/server/connections.ts';
import { toReview } from '../support/review.ts';
import { send, startServer, type TestServer, type TestServerOptions } from '../support/server.ts';

let server: TestServer;
afterEach(() => server.close());

const body = JSON.stringify(toReview({ object: { kind: 'Shoot', spec: {} } }));
const head = `POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
/** As `serve` has them, a twentieth as long. */
const TIMES: ConnectionTimes = { head: 250, body: 650, idle: 12_000, recycle: 15_000 };

interface Talk {
  readonly socket: tls.TLSSocket;
  text(): string;
  /** Milliseconds from the connection to its end; undefined while it is open. */
  closedAfter(): number | undefined;
}

async function connect(): Promise<Talk> {
  const socket = tls.connect({ host: '127.0.0.1', port: server.port, ca: server.certificates.ca });
  let text = '';
  let closed: number | undefined;
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  const start = performance.now();
  socket.on('close', () => {
    closed = performance.now() - start;
  });
  return { socket, text: () => text, closedAfter: () => closed };
}

/** Writes a byte at a time, for as long as the other side listens. */
function drip({ socket }: Talk, text: string, ms: number): void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || at >= text.length) clearInterval(timer);
    else socket.write(text[at++] ?? '');
  }, ms);
}

async function start(options: TestServerOptions = {}): Promise<void> {
  server = await startServer({ times: TIMES, ...options });
}

async function untilClosed(talk: Talk, atMost: number): Promise<number> {
  for (let waited = 0; waited < atMost && talk.closedAfter() === undefined; waited += 10) await sleep(10);
  return talk.closedAfter() ?? Number.POSITIVE_INFINITY;
}

describe('a client that sends slowly', () => {
  it.each<{ name: string; first: string; rest: string; status: number }>([
    { name: 'a head', first: '', rest: head, status: 408 },
    { name: 'empty lines', first: '\r\n', rest: '', status: 408 },
    { name: 'a body', first: head, rest: body, status: 503 },
    { name: 'half a body and no more', first: head + body.slice(0, 20), rest: '', status: 503 },
    {
      name: 'the head of a second request',
      first: head + body + head.slice(0, 20),
      rest: head.slice(20),
      status: 200,
    },
  ])('is cut off: $name', async ({ first, rest, status }) => {
    await start();
    const talk = await connect();
    talk.socket.write(first);
    drip(talk, rest, 50);
    const ms = await untilClosed(talk, 10_000);
    expect(ms).toBeGreaterThanOrEqual(TIMES.head);
    expect(ms).toBeLessThan(TIMES.idle - 1_000);
    expect(talk.text()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    // The server is none the worse for it.
    expect((await send(server, { path: '/validate', body })).status).toBe(200);
  });
});

describe('a client that sends nothing', () => {
  it('keeps a connection that was dialled ahead, and one that has been used', async () => {
    await start();
    const [fresh, used] = [await connect(), await connect()];
    used.socket.write(head + body);
    // Many times what a head may take.
    await sleep(6 * TIMES.head);
    for (const talk of [fresh, used]) {
      expect(talk.closedAfter()).toBeUndefined();
      talk.socket.write(head + body);
    }
    await sleep(200);
    expect(fresh.text().match(/HTTP\/1\.1 200 /g)).toHaveLength(1);
    expect(used.text().match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
    // Once it has been used, it is cut off like any other.
    fresh.socket.write('POST');
    expect(await untilClosed(fresh, 10_000)).toBeLessThan(TIMES.idle);
    used.socket.destroy();
  });

  it('is let go in the end', async () => {
    await start({ times: { ...TIMES, idle: 800 } });
    const [fresh, used] = [await connect(), await connect()];
    used.socket.write(head + body);
    for (const talk of [fresh, used]) {
      expect(await untilClosed(talk, 5_000)).toBeGreaterThanOrEqual(800);
      expect(talk.closedAfter()).toBeDefined();
    }
  });
});

describe('a connection that is old', () => {
  it('is closed by its client, at a time of its own, and nothing is lost', async () => {
    let now = 0;
    const chances = [0, 0.9];
    await start({ now: () => now, random: () => chances.shift() ?? 0 });
    const talks = [await connect(), await connect()];
    /** Which of them get Connection: close. */
    const ask = async (): Promise<boolean[]> =>
      Promise.all(
        talks.map(async (talk) => {
          const before = talk.text().length;
          talk.socket.write(head + body);
          while (!talk.text().slice(before).includes('"allowed":true')) await sleep(5);
          return /connection: close/i.test(talk.text().slice(before));
        }),
      );
    expect(await ask()).toEqual([false, false]);
    now = TIMES.recycle - 1;
    expect(await ask()).toEqual([false, false]);
    now = TIMES.recycle * 1.5;
    expect(await ask()).toEqual([true, false]);
    talks.shift();
    now = TIMES.recycle * 2;
    expect(await ask()).toEqual([true]);
  });
});

describe('connections that come to nothing are counted', () => {
  const count = async (reason: string): Promise<string | undefined> => {
    const { text } = await server.metrics.expose();
    return new RegExp(`^calico_admission_connection_faults_total\\{reason="${reason}"\\} (.+)$`, 'm').exec(
      text,
    )?.[1];
  };
  const closed = (socket: net.Socket) =>
    new Promise((resolve) => socket.on('error', () => {}).on('close', resolve));

  // As Node names them; that an API server sends the first one is tried in test/e2e/kubernetes/failures.test.ts.
  it.each([
    { code: 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', fault: 'certificate-refused' },
    { code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', fault: 'certificate-refused' },
    { code: 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', fault: 'certificate-refused' },
    { code: 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE', fault: 'handshake' },
    { code: 'ECONNRESET', fault: 'handshake' },
  ])('$code: $fault', ({ code, fault }) => {
    expect(handshakeFault(Object.assign(new Error(), { code }))).toBe(fault);
  });

  it('handshakes', async () => {
    await start();
    await closed(net.connect(server.port, '127.0.0.1').end('no TLS at all, but long enough to be looked at'));
    expect(await count('handshake')).toBe('1');
  });

  it('requests that are slow, or no HTTP', async () => {
    await start();
    const [slow, other] = [await connect(), await connect()];
    slow.socket.write('POST');
    other.socket.write('hello\r\n\r\n');
    await untilClosed(slow, 10_000);
    expect([await count('slow'), await count('not-http')]).toEqual(['1', '1']);
  });

  it('what is beyond the limit', async () => {
    await start();
    server.app.server.maxConnections = 1;
    const talk = await connect();
    await closed(net.connect(server.port, '127.0.0.1').resume());
    expect(await count('limit')).toBe('1');
    talk.socket.destroy();
  });
});
