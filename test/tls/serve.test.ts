import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { issueServing, type KeyPair } from '../../src/tls/issue.ts';
import { secureContextOptions } from '../../src/tls/secure-context.ts';
import { hasOpenssl, issueBoth, openssl, SANS } from './fixtures.ts';

const clock = () => new Date();
let authority: KeyPair;
let serving: KeyPair;
let server: https.Server | undefined;

beforeAll(async () => {
  ({ authority, serving } = await issueBoth({ now: clock }));
});

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function listen(host?: string): Promise<{ server: https.Server; port: number }> {
  const created = https.createServer(secureContextOptions(serving), (_request, response) =>
    response.end('ok'),
  );
  server = created.listen(0, host);
  await once(created, 'listening');
  return { server: created, port: (created.address() as AddressInfo).port };
}

/** One GET; which certificate its connection began with, and whether the connection was used before. */
function get(options: https.RequestOptions): Promise<{ serial: string; reused: boolean }> {
  return new Promise((resolve, reject) => {
    const request = https.get({ path: '/', ...options }, (response) => {
      const socket = response.socket as TLSSocket;
      const seen = { serial: socket.getPeerCertificate().serialNumber, reused: request.reusedSocket };
      response.resume().on('end', () => resolve(seen));
    });
    request.on('error', reject);
  });
}

type Agreed = { protocol: string | null; cipher: string; alpn: string | false | null };

async function handshake(port: number, options: tls.ConnectionOptions): Promise<Agreed> {
  const socket = tls.connect({ port, host: '127.0.0.1', ca: authority.cert, ...options });
  await once(socket, 'secureConnect');
  const { alpnProtocol } = socket;
  const agreed = { protocol: socket.getProtocol(), cipher: socket.getCipher().name, alpn: alpnProtocol };
  socket.destroy();
  return agreed;
}

describe('a server with our certificate', () => {
  it.each([
    ['localhost', undefined],
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
  ])('is trusted as %s by a client with ca.crt', async (host, bind) => {
    const { port } = await listen(bind);
    await expect(get({ host, port, ca: authority.cert, agent: false })).resolves.toBeDefined();
    await expect(get({ host, port, agent: false })).rejects.toThrow(/unable to verify|self-signed/);
    const other = await issueBoth({ now: clock });
    await expect(get({ host, port, ca: other.authority.cert, agent: false })).rejects.toThrow();
  });

  it('is trusted under the name that kube-apiserver asks for, and under no other', async () => {
    const { port } = await listen('127.0.0.1');
    const named = (servername: string) =>
      get({ host: '127.0.0.1', port, servername, ca: authority.cert, agent: false });
    await expect(named('calico-admission-webhook.calico-admission.svc')).resolves.toBeDefined();
    await expect(named('elsewhere.example')).rejects.toThrow(/altnames/);
  });

  it('uses TLS 1.2 and 1.3, HTTP/1.1, and only ciphers with forward secrecy', async () => {
    const { port } = await listen('127.0.0.1');
    expect((await handshake(port, {})).protocol).toBe('TLSv1.3');
    const old = await handshake(port, { maxVersion: 'TLSv1.2' });
    expect(old.cipher).toMatch(/^ECDHE-ECDSA-/);
    expect((await handshake(port, { ALPNProtocols: ['h2', 'http/1.1'] })).alpn).toBe('http/1.1');
    const seclevel0 = { minVersion: 'TLSv1', ciphers: 'ALL@SECLEVEL=0' } as const;
    await expect(handshake(port, { ...seclevel0, maxVersion: 'TLSv1.1' })).rejects.toThrow();
    await expect(
      handshake(port, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' }),
    ).rejects.toThrow();
  });

  it('changes its certificate under a live connection, and keeps all its settings', async () => {
    const { server, port } = await listen('127.0.0.1');
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
    const kept = { host: '127.0.0.1', port, ca: authority.cert, agent };
    const before = await get(kept);
    const renewed = await issueServing({ authority, sans: SANS, now: clock });
    server.setSecureContext(secureContextOptions(renewed));

    // On the old connection, so still with the old certificate.
    expect((await get(kept)).reused).toBe(true);
    const fresh = await get({ ...kept, agent: false });
    expect(fresh.serial).not.toBe(before.serial);
    await expect(
      handshake(port, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' }),
    ).rejects.toThrow();
    expect((await handshake(port, { ALPNProtocols: ['h2', 'http/1.1'] })).alpn).toBe('http/1.1');

    // A pair that does not fit throws and changes nothing.
    expect(() => server.setSecureContext(secureContextOptions({ ...renewed, key: serving.key }))).toThrow();
    expect((await get({ ...kept, agent: false })).serial).toBe(fresh.serial);
    agent.destroy();
  });

  it.runIf(hasOpenssl)('has ciphers with the names of OpenSSL', () => {
    const known = (openssl(['ciphers', 'ALL']) ?? '').trim().split(':');
    for (const cipher of secureContextOptions(serving).ciphers?.split(':') ?? [])
      expect(known).toContain(cipher);
  });
});
