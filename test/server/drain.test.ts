import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { drain } from '../../src/server/drain.ts';
import { createHealthServer } from '../../src/server/health.ts';
import { toReview } from '../support/review.ts';
import { send, startServer, type TestServer } from '../support/server.ts';

const body = JSON.stringify(toReview({ object: { kind: 'Shoot', spec: {} } }));
const now = (): number => performance.now();

async function startBoth() {
  const server = await startServer();
  const health = createHealthServer(server.readiness, server.metrics);
  await health.listen({ host: '127.0.0.1', port: 0 });
  const address = health.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const ready = async (): Promise<number> => (await fetch(`http://127.0.0.1:${port}/readyz`)).status;
  return { server, health, ready };
}

function freshAgent(server: TestServer): https.Agent {
  return new https.Agent({ ca: server.certificates.ca, keepAlive: true });
}

describe('drain', () => {
  it('answers old and new connections, closes through the client, and loses nothing', async () => {
    const { server, health, ready } = await startBoth();
    expect((await send(server, { path: '/validate', body })).headers['connection']).toBe('keep-alive');
    expect(await ready()).toBe(200);

    const times = { listen: 600, quiet: 100, listenAtMost: 2_000, linger: 2_000 };
    const drained = drain({ webhook: server.app, health }, server.readiness, times, now);
    expect(await ready()).toBe(503);
    // A connection from before and a new one: both get real answers, with Connection: close.
    for (const agent of [server.agent, freshAgent(server)]) {
      const reply = await send({ port: server.port, agent }, { path: '/validate', body });
      expect(reply.status).toBe(200);
      expect(JSON.parse(reply.text).response.allowed).toBe(true);
      expect(reply.headers['connection']).toBe('close');
      agent.destroy();
    }
    await drained;
    await expect(
      send({ port: server.port, agent: freshAgent(server) }, { path: '/validate', body }),
    ).rejects.toThrow(/ECONNREFUSED/);
  });

  it('serves a connection that was idle when listening ended', async () => {
    const { server, health } = await startBoth();
    await send(server, { path: '/validate', body });
    const drained = drain(
      { webhook: server.app, health },
      server.readiness,
      { listen: 0, quiet: 0, listenAtMost: 0, linger: 2_000 },
      now,
    );
    await sleep(300);
    const reply = await send(server, { path: '/validate', body });
    expect(reply.status).toBe(200);
    expect(reply.headers['connection']).toBe('close');
    await drained;
  });

  it('closes a connection that its client never closes', async () => {
    const { server, health } = await startBoth();
    await send(server, { path: '/validate', body });
    const start = now();
    await drain(
      { webhook: server.app, health },
      server.readiness,
      { listen: 0, quiet: 0, listenAtMost: 0, linger: 300 },
      now,
    );
    expect(now() - start).toBeGreaterThanOrEqual(300);
    server.agent.destroy();
  });
});
