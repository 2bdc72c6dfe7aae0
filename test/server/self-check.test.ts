import { describe, expect, it, onTestFinished } from 'vitest';
import { checkHandshake } from '../../src/server/self-check.ts';
import { issueAuthority, issueServing } from '../../src/tls/issue.ts';
import type { Served } from '../../src/tls/source.ts';
import { startServer } from '../support/server.ts';

const now = (): Date => new Date();
const EXPIRY = { leaf: undefined, ca: undefined };

async function start(): Promise<{ port: number; served: Served }> {
  const server = await startServer();
  onTestFinished(() => server.close());
  return { port: server.port, served: { ...server.certificates, expiry: EXPIRY } };
}

describe('the handshake of a server with itself', () => {
  it('succeeds with what it serves', async () => {
    const { port, served } = await start();
    for (const host of ['127.0.0.1', '0.0.0.0', 'localhost'])
      expect(await checkHandshake({ host, port, served })).toBeUndefined();
    // A user's pair without a certificate authority can only be read.
    expect(
      await checkHandshake({ host: '127.0.0.1', port, served: { ...served, ca: undefined } }),
    ).toBeUndefined();
  });

  it('fails where another certificate is served', async () => {
    const { port, served } = await start();
    const authority = await issueAuthority({ now });
    const pair = await issueServing({ authority, sans: ['localhost'], now });
    const other = { ...pair, ca: authority.cert, expiry: EXPIRY };
    expect(await checkHandshake({ host: '127.0.0.1', port, served: other })).toMatch(
      /not present the expected certificate/,
    );
    expect(
      await checkHandshake({ host: '127.0.0.1', port, served: { ...served, ca: authority.cert } }),
    ).toMatch(/not accepted \(got .*(SIGNATURE|VERIFY|ISSUER)/);
  });

  it('fails where no server listens', async () => {
    const { served } = await start();
    expect(await checkHandshake({ host: '127.0.0.1', port: 1, served })).toMatch(
      /no handshake .*ECONNREFUSED/,
    );
  });
});
