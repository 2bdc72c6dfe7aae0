import { once } from 'node:events';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_LARGE_BODIES } from '../../src/server/large-bodies.ts';
import { toReview } from '../support/review.ts';
import { send, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const small = JSON.stringify(toReview({ object: { kind: 'Shoot', spec: {} } }));
const large = JSON.stringify(
  toReview({
    object: { kind: 'Shoot', metadata: { annotations: { x: 'x'.repeat(2 * 1024 * 1024) } }, spec: {} },
  }),
);

/** An upload that stops after its first bytes. */
function stall(headers: Record<string, string | string[]>): ReturnType<typeof https.request> {
  const options = {
    host: '127.0.0.1',
    port: server.port,
    agent: server.agent,
    method: 'POST',
    path: '/validate',
  };
  const request = https.request({ ...options, headers: { 'content-type': 'application/json', ...headers } });
  request.on('error', () => {});
  request.write('{');
  return request;
}

describe('large bodies', () => {
  it('are read so many at once, and no more; small ones are not held up by them', async () => {
    const known = Array.from({ length: MAX_LARGE_BODIES - 1 }, () => stall({ 'content-length': '3000000' }));
    const unknown = stall({ 'transfer-encoding': 'chunked' });
    await sleep(300);
    const refused = await send(server, { path: '/validate', body: large });
    expect(refused.status).toBe(429);
    expect(refused.headers).toMatchObject({ 'retry-after': '1', connection: 'close' });
    expect((await send(server, { path: '/validate', body: small })).status).toBe(200);
    unknown.destroy();
    await sleep(100);
    expect((await send(server, { path: '/validate', body: large })).status).toBe(200);
    expect((await send(server, { path: '/validate', body: large })).status).toBe(200);
    for (const request of known) request.destroy();
  });

  it('are counted where their length stands behind more headers than are read', async () => {
    const headers = { x: Array<string>(120).fill('1'), 'content-length': '3000000' };
    const hidden = Array.from({ length: MAX_LARGE_BODIES }, () => stall(headers));
    await sleep(300);
    expect((await send(server, { path: '/validate', body: large })).status).toBe(429);
    for (const request of hidden) request.destroy();
    await sleep(100);
  });

  it('that are refused are taken to their end, or kube-apiserver would not hear that it may come again', async () => {
    const stalled = Array.from({ length: MAX_LARGE_BODIES }, () => stall({ 'content-length': '3000000' }));
    await sleep(300);
    const refused = stall({ 'content-length': '3000000' });
    let status: number | undefined;
    refused.on('response', (response) => {
      status = response.resume().statusCode;
    });
    await sleep(200);
    expect(status).toBeUndefined();
    refused.end(' '.repeat(2_999_999));
    await once(refused, 'response');
    expect(status).toBe(429);
    for (const request of stalled) request.destroy();
  });
});
