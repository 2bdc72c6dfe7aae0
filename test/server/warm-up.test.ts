import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createOwnConnections } from '../../src/server/own-connections.ts';
import { warmUp } from '../../src/server/warm-up.ts';
import { createWarmUpReviews } from '../../src/server/warm-up-reviews.ts';
import { makeClientAuthority } from '../support/client-certificates.ts';
import { registry } from '../support/registry.ts';
import { toReview } from '../support/review.ts';
import { send, startServer, type TestServer } from '../support/server.ts';

const REVIEWS = createWarmUpReviews(registry);

const REVIEW = JSON.stringify(toReview({ object: { kind: 'Shoot', spec: {} } }));

const running: TestServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function start(...options: Parameters<typeof startServer>): Promise<TestServer> {
  const server = await startServer(...options);
  running.push(server);
  return server;
}

/** CPU that goes up by so many milliseconds each time that it is read. */
function spending(step: number): () => number {
  let spent = 0;
  return () => {
    spent += step;
    return spent;
  };
}

async function countReviews({ metrics }: TestServer): Promise<number> {
  const { text } = await metrics.expose();
  const counts = text.matchAll(/^calico_admission_review_duration_seconds_count\{.*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

describe('the reviews of the warm-up', () => {
  it('are for the kinds that Gardener registers, to both webhooks, and reach every verdict', async () => {
    const server = await start();
    const verdicts = new Set<string>();
    for (const { path, body } of REVIEWS) {
      const { status, text } = await send(server, { path, body });
      expect(status).toBe(200);
      const { allowed, patch } = JSON.parse(text).response;
      const { kind } = JSON.parse(body).request.kind;
      verdicts.add(
        `${kind} ${path.split('/')[1]} ${allowed ? (patch === undefined ? 'allowed' : 'patched') : 'denied'}`,
      );
    }
    expect([...verdicts].sort()).toEqual([
      'Network mutate allowed',
      'Network mutate patched',
      'Network validate allowed',
      'Shoot mutate allowed',
      'Shoot mutate patched',
      'Shoot validate allowed',
      'Shoot validate denied',
    ]);
  });

  it('are small and large', () => {
    const sizes = REVIEWS.map(({ body }) => body.length);
    expect(Math.min(...sizes)).toBeLessThan(2000);
    expect(Math.max(...sizes)).toBeGreaterThan(30_000);
  });
});

describe('a warm-up', () => {
  it('is neither counted nor logged, and what comes after it is', async () => {
    const own = createOwnConnections();
    const server = await start({ own });
    const result = await warmUp({
      host: '127.0.0.1',
      port: server.port,
      own,
      reviews: REVIEWS,
      cpu: spending(5),
      now: () => 0,
    });
    expect(result).toEqual({ reviews: 69, ms: 0, cpuMs: 355 });
    expect(await countReviews(server)).toBe(0);
    expect(server.lines).toEqual([]);
    await send(server, { path: '/validate', body: REVIEW });
    expect(await countReviews(server)).toBe(1);
    expect(server.lines).toHaveLength(1);
  });

  it('needs no certificate where clients need one, and no other request is exempt', async () => {
    const { ca } = await makeClientAuthority();
    const own = createOwnConnections();
    const server = await start({ own, clients: { required: true, names: [], ca } });
    const stranger = () => send(server, { path: '/validate', body: REVIEW });
    expect((await stranger()).status).toBe(403);
    const options = { host: '127.0.0.1', port: server.port, own, cpu: spending(100), now: () => 0 };
    const warming = warmUp({ ...options, reviews: REVIEWS });
    expect((await stranger()).status).toBe(403);
    expect(await warming).toMatchObject({ reviews: 3 });
    expect((await warming).reason).toBeUndefined();
    expect((await stranger()).status).toBe(403);
  });

  it('ends after its time', async () => {
    const own = createOwnConnections();
    const server = await start({ own });
    let time = 0;
    const now = () => {
      time += 300;
      return time;
    };
    const options = { host: '127.0.0.1', port: server.port, own, cpu: () => 0, now };
    expect(await warmUp({ ...options, reviews: REVIEWS })).toMatchObject({ reviews: 3 });
  });

  it('has nothing to do without reviews', async () => {
    const own = createOwnConnections();
    const server = await start({ own });
    const options = { host: '127.0.0.1', port: server.port, own, cpu: () => 0, now: () => 0 };
    expect(await warmUp({ ...options, reviews: [] })).toEqual({ reviews: 0, ms: 0, cpuMs: 0 });
  });

  it('logs why it ended early, and does not throw', async () => {
    const server = net.createServer((socket) => socket.destroy());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const options = { host: '127.0.0.1', own: createOwnConnections(), cpu: () => 0, now: () => 0 };
    const result = await warmUp({ ...options, port, reviews: REVIEWS });
    expect(result).toMatchObject({ reviews: 0, reason: expect.stringContaining('') });
    expect(result.reason).not.toBe('');
    server.close();
    await once(server, 'close');
    expect((await warmUp({ ...options, port, reviews: REVIEWS })).reason).toContain('ECONNREFUSED');
  });

  it('ends without a word where the answer does not come in time', async () => {
    const server = net.createServer((socket) => socket.on('error', () => {}));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const options = { host: '127.0.0.1', own: createOwnConnections(), cpu: () => 0, now: () => 0 };
    const result = await warmUp({ ...options, port, reviews: REVIEWS, mostTime: 20 });
    expect(result).toEqual({ reviews: 0, ms: 0, cpuMs: 0 });
    server.close();
  });

  it('stops at an answer that is no review’s', async () => {
    const own = createOwnConnections();
    const server = await start({ own });
    const options = { host: '127.0.0.1', port: server.port, own, cpu: () => 0, now: () => 0 };
    const result = await warmUp({ ...options, reviews: [{ path: '/validate', body: '{}' }] });
    expect(result).toMatchObject({ reviews: 0, reason: 'answered with HTTP/1.1 400 Bad Request' });
  });
});

describe('own connections', () => {
  it('are known by both ends, at IPv6 addresses too, and forgotten when they are closed', async () => {
    for (const [listen, call] of [
      ['127.0.0.1', '127.0.0.1'],
      ['::', '127.0.0.1'],
      ['::1', '::1'],
    ] as const) {
      const own = createOwnConnections();
      const server = net.createServer();
      server.listen(0, listen);
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const accept = async () => ((await once(server, 'connection')) as [net.Socket])[0];
      const [mine, acceptedMine] = await Promise.all([
        connect(port, call, (client) => own.add(client)),
        accept(),
      ]);
      const [other, acceptedOther] = await Promise.all([connect(port, call, () => {}), accept()]);
      expect([own.has(acceptedMine), own.has(acceptedOther)]).toEqual([true, false]);
      const closed = once(mine, 'close');
      mine.destroy();
      await closed;
      expect(own.has(acceptedMine)).toBe(false);
      other.destroy();
      acceptedMine.destroy();
      acceptedOther.destroy();
      server.close();
    }
  });
});

async function connect(
  port: number,
  host: string,
  before: (client: net.Socket) => void,
): Promise<net.Socket> {
  const client = net.connect({ port, host });
  before(client);
  await once(client, 'connect');
  return client;
}
