import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type ApiClient, ApiError } from '../../src/cluster/api.ts';
import { connect } from '../../src/cluster/connect.ts';
import { pacedApi } from '../../src/cluster/pace.ts';
import { UserError } from '../../src/errors.ts';

const SECRET = 'VmVyeVNlY3JldA';
const GET = { method: 'GET', path: '/api/v1/namespaces/a/secrets?limit=1' } as const;

let room: string;
beforeAll(() => {
  room = mkdtempSync(join(tmpdir(), 'connect-'));
});
afterAll(() => rmSync(room, { recursive: true }));

function writeKubeconfig(server: string, more: object = {}): string {
  const file = join(mkdtempSync(join(room, 'config-')), 'kubeconfig');
  const config = {
    'current-context': 'here',
    contexts: [
      { name: 'here', context: { cluster: 'here', user: 'me', namespace: 'a' } },
      { name: 'gone', context: { cluster: 'gone', user: 'me' } },
    ],
    clusters: [{ name: 'here', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'me', user: { token: SECRET } }],
    ...more,
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** An API server that answers each request alike. */
async function serve(answer: http.RequestListener): Promise<{ api: ApiClient; file: string }> {
  const server = http.createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const file = writeKubeconfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return { api: await connect({ file, inCluster: false }), file };
}

async function errorOf(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => new Error('no error'),
    (error: Error) => error,
  );
}

/** All that a log or an uncaught error could show of it. */
function shown(error: Error): string {
  return `${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(error)} ${String(error)}`;
}

const watch = (api: ApiClient, signal = new AbortController().signal) =>
  api.untilChange('/api/v1/namespaces/a/secrets?watch=true', signal);

describe('an answer that is none', () => {
  it.each([
    ['no JSON', `{"data": "${SECRET}`],
    ['nothing at all', ''],
  ])('is named without a word of it: %s', async (_name, text) => {
    const { api } = await serve((_request, response) => response.end(text));
    const error = await errorOf(api.request(GET));
    expect(error).toBeInstanceOf(ApiError);
    expect(error.message).toBe('GET /api/v1/namespaces/a/secrets: HTTP 200, and no JSON');
    expect(shown(error)).not.toContain('VmVy');
  });

  it('of a watch neither', async () => {
    const { api } = await serve((_request, response) => response.write(`"${SECRET}\n`));
    const error = await errorOf(watch(api));
    expect(error.message).toBe('GET /api/v1/namespaces/a/secrets: HTTP 200, and no JSON');
    expect(shown(error)).not.toContain('VmVy');
  });

  it('is waited for no longer than the limit', async () => {
    const { api } = await serve((_request, response) => response.write('{'));
    const limits = { timeoutMs: 50, maxBytes: 10 };
    const error = await errorOf(api.request({ ...GET, limits }));
    expect(error.message).toBe('the API server has not answered within 0.05 seconds');
    const over = AbortSignal.abort();
    expect((await errorOf(api.request({ ...GET, limits, signal: over }))).name).toBe('AbortError');
  });

  it('is read no further than the limit', async () => {
    const { api } = await serve((_request, response) => response.end(JSON.stringify('x'.repeat(100))));
    const limits = { timeoutMs: 10_000, maxBytes: 100 };
    expect((await errorOf(api.request({ ...GET, limits }))).message).toMatch(/too large \(got \d+ bytes\)/);
    expect(await api.request({ ...GET, limits: { ...limits, maxBytes: 102 } })).toHaveLength(100);
  });

  it('is none of a watch either, where its line never ends', async () => {
    let isOpen = true;
    const { api } = await serve(async (_request, response) => {
      response.on('close', () => {
        isOpen = false;
      });
      while (isOpen) {
        response.write('x'.repeat(64 * 1024));
        await sleep(0);
      }
    });
    expect((await errorOf(watch(api))).message).toMatch(/too large \(got \d+ bytes\)/);
  });
});

describe('an error response', () => {
  const status = { kind: 'Status', message: `data: Invalid value: "${SECRET}"`, metadata: { continue: 'x' } };

  it('has the text of the server, and does not show it in its message', async () => {
    const { api } = await serve((_request, response) => {
      response.writeHead(429, { 'retry-after': '7' }).end(JSON.stringify(status));
    });
    const error = (await errorOf(api.request({ ...GET, method: 'POST', body: {} }))) as ApiError;
    expect(error.message).toBe('POST /api/v1/namespaces/a/secrets: HTTP 429');
    expect(error).toMatchObject({ status: 429, retryAfter: 7, problem: 'HTTP 429', answer: status });
    expect(shown(error)).not.toContain('VmVy');
  });

  it.each<[string, http.RequestListener]>([
    [
      'is cut',
      (_request, response) => {
        response.writeHead(403, { 'content-length': '100' });
        response.write('{"kind":');
        setTimeout(() => response.destroy(), 20);
      },
    ],
    ['is a page of a proxy', (_request, response) => response.writeHead(403).end('<html>')],
    ['is endless', (_request, response) => response.writeHead(403).end('x'.repeat(1024 * 1024 + 1))],
  ])('is one though its text %s', async (_name, listener) => {
    const { api } = await serve(listener);
    const error = (await errorOf(api.request(GET))) as ApiError;
    expect(error).toBeInstanceOf(ApiError);
    expect({ status: error.status, answer: error.answer }).toEqual({ status: 403, answer: undefined });
  });

  it.each([
    ['of an old version', 'ERROR', { code: 410 }, 410],
    ['without a code', 'ERROR', {}, 500],
    ['without an object', 'ERROR', null, 500],
  ])('can come by a watch: %s', async (_name, type, object, expected) => {
    const { api } = await serve((_request, response) => {
      response.write(`${JSON.stringify({ type, object })}\n`);
    });
    expect(await errorOf(watch(api))).toMatchObject({ name: 'ApiError', status: expected });
  });

  it.each(['null', '7', '[]', '{"type":"MODIFIED"}'])('is not what a watch reports: %s', async (line) => {
    const { api } = await serve((_request, response) => response.write(`${line}\n`));
    await watch(api);
  });

  it('is none where the watch just ends', async () => {
    const { api } = await serve((_request, response) => response.end('{"type":'));
    await watch(api);
  });
});

describe('a client', () => {
  it('shows the clock of the server and the namespace also when it is paced', async () => {
    const date = 'Sat, 28 Nov 2026 12:00:00 GMT';
    const { api } = await serve((_request, response) => response.setHeader('date', date).end('{}'));
    const paced = pacedApi(api, { burst: 9, perSecond: 9 });
    expect(paced.time()).toBeUndefined();
    await paced.request(GET);
    const late = (paced.time() ?? 0) - Date.parse(date);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(60_000);
    expect(paced.namespace()).toBe('a');
    expect(paced.server()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});

describe('a kubeconfig', () => {
  it('is read again after a minute, and never quoted if it has become invalid', async () => {
    const tokens: (string | undefined)[] = [];
    const { file } = await serve((request, response) => {
      tokens.push(request.headers.authorization);
      response.end('{}');
    });
    let now = 0;
    const api = await connect({ file, inCluster: false }, () => now);
    const server = api.server();
    await api.request(GET);
    writeFileSync(
      file,
      JSON.stringify({
        'current-context': 'here',
        contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
        clusters: [{ name: 'here', cluster: { server, 'insecure-skip-tls-verify': true } }],
        users: [{ name: 'me', user: { token: 'next' } }],
      }),
    );
    now = 60_000;
    await api.request(GET);
    now += 1;
    await api.request(GET);
    expect(tokens).toEqual([`Bearer ${SECRET}`, `Bearer ${SECRET}`, 'Bearer next']);
    writeFileSync(file, `users:\n- user: {token: ${SECRET}, [}\n`);
    now += 60_001;
    const error = await errorOf(api.request(GET));
    expect(error.message).toMatch(/^the kubeconfig cannot be read \(got .*\); check --kubeconfig$/);
    expect(shown(error)).not.toContain('VmVy');
  });

  it.each([
    [
      'is not there',
      () => '/nowhere/kubeconfig',
      /kubeconfig cannot be read .*ENOENT.*check --target-kubeconfig$/,
    ],
    ['is a directory', () => room, /kubeconfig cannot be read .*EISDIR.*check --target-kubeconfig$/],
    ['is empty', () => writeText(''), /check --target-kubeconfig$/],
    ['is a number', () => writeText('7'), /check --target-kubeconfig$/],
    [
      'has users that are none',
      () => writeKubeconfig('http://x', { users: [null] }),
      /check --target-kubeconfig$/,
    ],
    [
      'chooses nothing',
      () => writeText('{}'),
      /no current context, or one without a cluster; set its current-context/,
    ],
    [
      'chooses what is not there',
      () => writeKubeconfig('http://x', { 'current-context': 'gone' }),
      /no current context, or one without a cluster/,
    ],
  ])('that %s is for its user to correct', async (_name, make, expected) => {
    const error = await errorOf(connect({ file: make(), inCluster: false, flag: '--target-kubeconfig' }));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toMatch(expected);
    expect(error.message).not.toContain('\n');
  });

  it('may have its token in a file, as those of Gardener', async () => {
    const { api, file } = await serve((request, response) => {
      response.end(JSON.stringify(request.headers.authorization));
    });
    const token = join(room, 'token');
    writeFileSync(token, 'from-a-file');
    const config = writeKubeconfig(api.server(), { users: [{ name: 'me', user: { tokenFile: token } }] });
    expect(await (await connect({ file: config, inCluster: false })).request(GET)).toBe('Bearer from-a-file');
    expect(await (await connect({ file, inCluster: false })).request(GET)).toBe(`Bearer ${SECRET}`);
  });
});

function writeText(text: string): string {
  const file = join(mkdtempSync(join(room, 'text-')), 'kubeconfig');
  writeFileSync(file, text);
  return file;
}
