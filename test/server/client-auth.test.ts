import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createHealthServer } from '../../src/server/health.ts';
import { findClientProblem, openClientAuthorities } from '../../src/tls/client-auth.ts';
import { secureContextOptions } from '../../src/tls/secure-context.ts';
import { type ClientPair, makeClientAuthority } from '../support/client-certificates.ts';
import { type HttpAnswer, send, startServer, type TestServer } from '../support/server.ts';

const REVIEW = JSON.stringify({ request: { uid: 'u', object: { kind: 'ConfigMap' } } });
const NAMES = ['kube-apiserver', 'api.example.org'];

type Client = 'none' | 'good common name' | 'good DNS name' | 'wrong name' | 'wrong authority' | 'expired';
const pairs = new Map<Client | 'for servers', ClientPair | undefined>();
let ca: string;
let otherCa: string;
let other: Awaited<ReturnType<typeof makeClientAuthority>>;

beforeAll(async () => {
  const authority = await makeClientAuthority();
  other = await makeClientAuthority('others');
  [ca, otherCa] = [authority.ca, other.ca];
  pairs.set('none', undefined);
  pairs.set('good common name', await authority.sign({ subject: 'CN=kube-apiserver, O=system' }));
  pairs.set('good DNS name', await authority.sign({ subject: 'CN=x', dnsNames: ['y', 'api.example.org'] }));
  pairs.set(
    'wrong name',
    await authority.sign({ subject: 'CN=kube-apiserver2', dnsNames: ['z.api.example.org'] }),
  );
  pairs.set('wrong authority', await other.sign({ subject: 'CN=kube-apiserver' }));
  pairs.set('expired', await authority.sign({ subject: 'CN=kube-apiserver', days: -1 }));
  pairs.set(
    'for servers',
    await authority.sign({ subject: 'CN=kube-apiserver', usage: '1.3.6.1.5.5.7.3.1' }),
  );
});

async function start(mode: 'off' | 'optional' | 'required', names = NAMES): Promise<TestServer> {
  const server = await startServer(
    mode === 'off' ? {} : { clients: { required: mode === 'required', names, ca } },
  );
  onTestFinished(() => server.close());
  return server;
}

async function call(
  server: TestServer,
  client: Client | 'for servers',
  request: { path: string; method?: string; body?: string } = { path: '/validate', body: REVIEW },
): Promise<HttpAnswer> {
  const agent = new https.Agent({ ca: server.certificates.ca, ...pairs.get(client) });
  try {
    return await send({ port: server.port, agent }, request);
  } finally {
    agent.destroy();
  }
}

describe('a client', () => {
  const rows: [Client, off: number, optional: number, required: number][] = [
    ['none', 200, 200, 403],
    ['good common name', 200, 200, 200],
    ['good DNS name', 200, 200, 200],
    ['wrong name', 200, 403, 403],
    ['wrong authority', 200, 403, 403],
    ['expired', 200, 403, 403],
  ];
  const table = rows.flatMap(([client, ...statuses]) =>
    (['off', 'optional', 'required'] as const).map((mode, index) => ({
      client,
      mode,
      status: statuses[index],
    })),
  );
  it('is tried in 18 ways', () => expect(table).toHaveLength(18));

  it.each(table)(
    'with certificate: $client, client authentication $mode: $status',
    async ({ client, mode, status }) => {
      const server = await start(mode);
      const answer = await call(server, client);
      expect(answer.status).toBe(status);
      if (status === 200) return expect(JSON.parse(answer.text).response.allowed).toBe(true);
      expect(JSON.parse(answer.text).error).toMatch(/^(a|the) client certificate (is|has) .*; send one/);
      expect(answer.headers['connection']).toBe('close');
      expect(server.lines).toMatchObject([{ level: 'warn', msg: 'client rejected', path: '/validate' }]);
      // Whatever it asks for, but probes: those have no certificate.
      for (const path of ['/mutate', '/nowhere', '/validate/'])
        expect((await call(server, client, { path })).status).toBe(403);
      for (const path of ['/healthz', '/readyz'])
        expect((await call(server, client, { path, method: 'GET' })).status).toBe(200);
    },
  );

  it('may have any name where none is asked for, but not a certificate for servers', async () => {
    const server = await start('required', []);
    expect((await call(server, 'wrong name')).status).toBe(200);
    expect((await call(server, 'wrong authority')).status).toBe(403);
    expect((await call(server, 'for servers')).status).toBe(403);
  });

  it('needs none on the health port', async () => {
    const server = await start('required');
    const health = createHealthServer(server.readiness, server.metrics);
    onTestFinished(() => health.close());
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      expect((await health.inject({ path })).statusCode).toBe(200);
    }
    expect((await health.inject({ path: '/metrics' })).body).not.toContain('verdict="forbidden"');
    await call(server, 'none');
    expect((await health.inject({ path: '/metrics' })).body).toContain('verdict="forbidden"');
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'cannot resume a session, and is looked at each time: %s',
    async (version) => {
      const connect = (server: TestServer, session?: Buffer) =>
        new Promise<{ reused: boolean; session: Buffer | undefined }>((resolve, reject) => {
          const socket = tls.connect({
            port: server.port,
            host: '127.0.0.1',
            ca: server.certificates.ca,
            minVersion: version,
            maxVersion: version,
            ...pairs.get('good common name'),
            ...(session && { session }),
          });
          let ticket: Buffer | undefined;
          socket.on('session', (each) => {
            ticket = each;
          });
          socket.on('error', reject);
          socket.on('secureConnect', () => {
            const reused = socket.isSessionReused();
            socket.write('GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
            socket.resume();
            socket.on('close', () => resolve({ reused, session: ticket ?? socket.getSession() }));
          });
        });
      for (const [mode, reused] of [
        ['required', false],
        // So it would be: the session that is offered is one that could be resumed.
        ['off', true],
      ] as const) {
        const server = await start(mode);
        const first = await connect(server);
        expect((await connect(server, first.session)).reused).toBe(reused);
      }
    },
  );

  it('of the old authorities is rejected and of the new ones accepted after they have been replaced', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'calico-clients-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const file = join(dir, 'clients.crt');
    writeFileSync(file, ca);
    const server = await start('required');
    const warnings: string[] = [];
    let faults = 0;
    const authorities = await openClientAuthorities({
      file,
      pollMs: 20,
      log: { info: () => {}, warn: (about) => warnings.push(JSON.stringify(about)) },
      onChange: (pem) => server.app.server.setSecureContext(secureContextOptions(server.certificates, pem)),
      onFault: () => {
        faults += 1;
      },
    });
    onTestFinished(() => authorities.close());
    const status = async (client: Client) => (await call(server, client)).status;
    expect([await status('good common name'), await status('wrong authority')]).toEqual([200, 403]);

    writeFileSync(file, 'garbage');
    await vi.waitFor(() => expect(faults).toBe(1), 30_000);
    expect(warnings[0]).toMatch(/must have certificates of certificate authorities/);
    expect(await status('good common name')).toBe(200);

    writeFileSync(file, otherCa);
    await vi.waitFor(
      async () =>
        expect([await status('good common name'), await status('wrong authority')]).toEqual([403, 200]),
      30_000,
    );
    expect(faults).toBe(1);
  });
});

describe('the authorities of clients', () => {
  const dir = mkdtempSync(join(tmpdir(), 'calico-clients-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.each([
    ['nothing', undefined, /cannot read .* \(ENOENT\); check --client-ca/],
    ['an empty file', '', /must have certificates of certificate authorities/],
    ['garbage', 'x', /must have certificates of certificate authorities/],
    [
      'a certificate of no authority',
      () => pairs.get('good common name')?.cert,
      /must have certificates of certificate authorities/,
    ],
  ])('cannot be %s', async (name, content, error) => {
    const file = join(dir, `${name}.crt`);
    const text = typeof content === 'function' ? content() : content;
    if (text !== undefined) writeFileSync(file, text);
    const log = { info: () => {}, warn: () => {} };
    await expect(openClientAuthorities({ file, log, onChange: () => {}, onFault: () => {} })).rejects.toThrow(
      error,
    );
  });
});

describe('a name', () => {
  const peer = (subjectaltname: string, CN: string | string[] = 'x') => ({
    authorized: true,
    getPeerCertificate: () => ({ subject: { CN }, subjectaltname }) as unknown as tls.PeerCertificate,
  });
  const policy = { required: true, names: ['good'] };

  it.each([
    ['DNS:good', true],
    ['DNS:a, DNS:good', true],
    ['IP Address:10.0.0.1, DNS:good, URI:x', true],
    ['', false],
    ['DNS:good.example', false],
    ['URI:good', false],
    ['email:good', false],
    // As Node quotes what holds a comma, so that it cannot be taken for several.
    ['DNS:"a, DNS:good"', false],
    ['DNS:"a, DNS:good, DNS:b"', false],
    ['DNS:"a\\", DNS:good, \\""', false],
    ['URI:"x, DNS:good", DNS:b', false],
    ['URI:"x", DNS:good', true],
  ])('among %j: %s', (names, allowed) => {
    expect(findClientProblem(peer(names), policy) === undefined).toBe(allowed);
  });

  it('may be one of several common names', () => {
    expect(findClientProblem(peer('', ['a', 'good']), policy)).toBeUndefined();
    expect(findClientProblem(peer('', ['a', 'b']), policy)).toMatch(/no allowed name/);
  });
});
