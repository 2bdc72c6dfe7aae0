import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ConnectionLimits } from '../../src/server/connection-limit.ts';
import { DEFAULT_TIMES } from '../../src/server/connections.ts';
import { type ClientPair, makeClientAuthority } from '../support/client-certificates.ts';
import { toReview } from '../support/review.ts';
import { isInFlight, startServer, type TestServer, type TestServerOptions } from '../support/server.ts';
import { until } from '../support/until.ts';

const body = JSON.stringify(toReview({ object: { kind: 'Shoot', spec: {} } }));
const review = `POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

async function start(
  limits: Partial<ConnectionLimits>,
  options: TestServerOptions = {},
): Promise<TestServer> {
  // No connection must be closed because this machine is slow.
  const times = { ...DEFAULT_TIMES, head: 60_000, body: 60_000 };
  const all = { most: 100, crowded: 100, newOfOneAddress: 100, ...limits };
  const server = await startServer({ times, limits: all, ...options });
  onTestFinished(() => server.close());
  return server;
}

class Client {
  readonly socket: net.Socket;
  text = '';
  isClosed = false;

  constructor(socket: net.Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      this.text += chunk;
    });
    socket.on('close', () => {
      this.isClosed = true;
    });
    onTestFinished(() => void socket.destroy());
  }

  async review(): Promise<void> {
    this.text = '';
    this.socket.write(review);
    await until(() => this.text.includes('"allowed":true') || this.isClosed);
    expect(this.text).toMatch(/^HTTP\/1\.1 200 /);
  }
}

async function connect(
  server: TestServer,
  options: { readonly from?: string; readonly pair?: ClientPair } = {},
): Promise<Client> {
  const { port, certificates } = server;
  const socket = tls.connect({
    host: '127.0.0.1',
    port,
    ca: certificates.ca,
    ...options.pair,
    ...(options.from !== undefined && { localAddress: options.from }),
  });
  const client = new Client(socket);
  await once(socket, 'secureConnect');
  return client;
}

/** One after the other, so that they come in this order. */
async function connectMany(server: TestServer, count: number, from?: string): Promise<Client[]> {
  const clients: Client[] = [];
  for (let index = 0; index < count; index += 1)
    clients.push(await connect(server, from === undefined ? {} : { from }));
  return clients;
}

function closed(clients: readonly Client[]): boolean[] {
  return clients.map(({ isClosed }) => isClosed);
}

async function metric(server: TestServer, line: string): Promise<number> {
  const { text } = await server.metrics.expose();
  const found = text.split('\n').find((each) => each.startsWith(`calico_admission_${line} `));
  return Number(found?.slice(found.lastIndexOf(' ') + 1) ?? 0);
}

const crowded = (server: TestServer) => metric(server, 'connection_faults_total{reason="crowded"}');

describe('where there are too many connections', () => {
  it('closes connections that never sent anything, the oldest first, and answers new ones', async () => {
    const server = await start({ crowded: 4 });
    const idle = await connectMany(server, 4);
    for (let count = 1; count <= 3; count += 1) await (await connect(server)).review();
    await until(() => idle[2]?.isClosed === true);
    expect(closed(idle)).toEqual([true, true, true, false]);
    expect(await crowded(server)).toBe(3);
    expect(await metric(server, 'connections{state="new"}')).toBe(1);
    expect(await metric(server, 'connections{state="used"}')).toBe(3);
  });

  it('then those without a completed request, then those idle for the longest', async () => {
    let time = 0;
    const server = await start({ crowded: 4 }, { now: () => time });
    const [begun, first, second, busy] = await connectMany(server, 4);
    if (!begun || !first || !second || !busy) throw new Error('there are four');
    begun.socket.write('POST /val');
    // The one that came first is used last.
    for (const client of [second, first, busy]) {
      time += 1;
      await client.review();
    }
    busy.socket.write(review.slice(0, -1));
    await until(() => isInFlight(server, 1));
    const all = [begun, first, second, busy];
    // Each new one is used at once, or it would be the next to go.
    for (const expected of [
      [true, false, false, false],
      [true, false, true, false],
      [true, true, true, false],
    ]) {
      time += 1;
      await (await connect(server)).review();
      await until(() => closed(all).join() === expected.join());
    }
    busy.text = '';
    busy.socket.write(review.slice(-1));
    await until(() => busy.text.includes('"allowed":true'));
  });

  it('closes a connection without a handshake like one that sends nothing', async () => {
    const server = await start({ crowded: 2 });
    const raw = new Client(net.connect(server.port, '127.0.0.1'));
    await until(async () => (await metric(server, 'connections{state="new"}')) === 1);
    const others = await connectMany(server, 2);
    await until(() => raw.isClosed);
    for (const other of others) await other.review();
  });

  it('closes no connection with a request in progress; then it rejects new ones', async () => {
    const server = await start({ crowded: 2, most: 3 });
    const busy: Client[] = [];
    for (let count = 1; count <= 3; count += 1) {
      const client = await connect(server);
      await client.review();
      client.socket.write(review.slice(0, -1));
      await until(() => isInFlight(server, count));
      busy.push(client);
    }
    const late = new Client(net.connect(server.port, '127.0.0.1'));
    await until(() => late.isClosed);
    expect(closed(busy)).toEqual([false, false, false]);
    expect(await metric(server, 'connection_faults_total{reason="limit"}')).toBe(1);
  });

  it('are counted until they end', async () => {
    const server = await start({});
    const clients = await connectMany(server, 3);
    await clients[0]?.review();
    await until(async () => (await metric(server, 'connections{state="used"}')) === 1);
    expect(await metric(server, 'connections{state="new"}')).toBe(2);
    for (const { socket } of clients) socket.destroy();
    await until(async () => (await metric(server, 'connections{state="used"}')) === 0);
    await until(async () => (await metric(server, 'connections{state="new"}')) === 0);
  });
});

describe('one address', () => {
  it('has so many new connections and no more, and none of other clients', async () => {
    const server = await start({ newOfOneAddress: 3 });
    const other = await connectMany(server, 2, '127.0.0.2');
    const own = await connectMany(server, 5);
    await until(() => closed(own).join() === 'true,true,false,false,false');
    expect(closed(other)).toEqual([false, false]);
    expect(await crowded(server)).toBe(2);
  });

  it('may be that of all API servers: what has been used does not count', async () => {
    const server = await start({ newOfOneAddress: 2 });
    const used: Client[] = [];
    for (let count = 0; count < 6; count += 1) {
      const client = await connect(server);
      await client.review();
      used.push(client);
    }
    const idle = await connectMany(server, 4);
    await until(() => closed(idle).join() === 'true,true,false,false');
    for (const client of used) await client.review();
    expect(await crowded(server)).toBe(2);
  });
});

describe('without a certificate that is asked for', () => {
  it('a connection does not stay', async () => {
    const authority = await makeClientAuthority();
    const pair = await authority.sign({ subject: 'CN=kube-apiserver' });
    const clients = { required: true, names: [], ca: authority.ca };
    const server = await start({}, { clients, times: { ...DEFAULT_TIMES, head: 250 } });
    const [stranger, known] = [await connect(server), await connect(server, { pair })];
    await until(() => stranger.isClosed);
    await known.review();
    expect(known.text).toMatch(/connection: keep-alive/i);
  });

  it('a probe is answered, and its connection ends with that', async () => {
    const authority = await makeClientAuthority();
    const clients = { required: true, names: [], ca: authority.ca };
    const server = await start({}, { clients });
    const probe = await connect(server);
    probe.socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => probe.isClosed);
    expect(probe.text).toMatch(/^HTTP\/1\.1 200 .*connection: close/is);
  });
});
