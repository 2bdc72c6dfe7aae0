import https from 'node:https';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Policy } from '../../src/policy/evaluate.ts';
import { createRegistry } from '../../src/policy/registry.ts';
import { registry } from '../support/registry.ts';
import { toReview } from '../support/review.ts';
import { type HttpAnswer, isInFlight, send, startServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

let server: TestServer | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await server?.close();
  server = undefined;
});

const body = JSON.stringify(toReview({ object: { kind: 'Shoot', spec: {} } }));

const untilInFlight = (count: number) =>
  until(async () => server !== undefined && (await isInFlight(server, count)));

/** Sends the head of a request and half of its body, and waits. */
function sendHalf(to: TestServer, path: string): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        host: '127.0.0.1',
        port: to.port,
        agent: to.agent,
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.write(body.slice(0, 20));
  });
}

describe('the deadline', () => {
  it('covers the reading of the body', async () => {
    server = await startServer();
    const seen = () => server?.lines.map(({ msg }) => msg);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answer = sendHalf(server, '/validate?timeout=1s');
    await untilInFlight(1);
    vi.advanceTimersByTime(999);
    expect(seen()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(seen()).toEqual(['deadline exceeded while the body was read']);
    vi.useRealTimers();
    const reply = await answer;
    expect(reply.status).toBe(503);
    expect(reply.headers).toMatchObject({ 'retry-after': '1', connection: 'close' });
    expect(JSON.parse(reply.text).error).toBe('the deadline of the request has passed');
    // The server is none the worse for it.
    expect((await send(server, { path: '/validate', body })).status).toBe(200);
  });

  it('is looked at between rules', async () => {
    let now = 0;
    const inner = registry;
    // Every rule takes half a second by the server's clock.
    const slow = inner.policies.map(
      (policy): Policy => ({
        ...policy,
        validate: (request, context) =>
          policy.validate(request, {
            ...context,
            checkpoint: () => {
              context.checkpoint();
              now += 500;
            },
          }),
      }),
    );
    server = await startServer({ registry: createRegistry(slow), now: () => now });
    const reply = await send(server, { path: '/validate?timeout=1s', body });
    expect(reply.status).toBe(503);
    expect(reply.headers['retry-after']).toBe('1');
    expect(server.lines.at(-1)).toMatchObject({ msg: 'deadline exceeded' });
    now = 0;
    expect((await send(server, { path: '/validate?timeout=30s', body })).status).toBe(200);
  });

  it.each(['0s', '-1s', 'soon', '', '1ns', '1s&timeout=2s'])(
    'timeout=%s is no reason for a 5xx',
    async (timeout) => {
      server = await startServer();
      expect((await send(server, { path: `/validate?timeout=${timeout}`, body })).status).toBe(200);
    },
  );
});

describe('a client that disconnects', () => {
  it('leaves nothing in flight', async () => {
    server = await startServer();
    const request = https.request({
      host: '127.0.0.1',
      port: server.port,
      agent: server.agent,
      method: 'POST',
      path: '/validate',
      headers: { 'content-type': 'application/json', 'content-length': '100' },
    });
    request.on('error', () => {});
    request.write('{');
    await untilInFlight(1);
    request.destroy();
    await untilInFlight(0);
    expect((await send(server, { path: '/validate', body })).status).toBe(200);
  });
});
