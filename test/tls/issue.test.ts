import { createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CertificateError } from '../../src/errors.ts';
import { inspectPair, validity } from '../../src/tls/inspect.ts';
import { issueAuthority, issueServing } from '../../src/tls/issue.ts';
import { SanError } from '../../src/tls/names.ts';
import {
  at,
  DAY,
  hasOpenssl,
  issueBoth,
  NOW,
  now,
  openssl,
  opensslAuthority,
  put,
  SANS,
  temporaryDirectory,
} from './fixtures.ts';

const HOUR = 3_600_000;

describe('issueAuthority', () => {
  it('makes a P-256 authority for a year, backdated by an hour', async () => {
    const pair = await issueAuthority({ now });
    const cert = new X509Certificate(pair.cert);
    const key = createPrivateKey(pair.key);
    expect(pair.key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(pair.cert).toMatch(/-----END CERTIFICATE-----\n$/);
    expect(key.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(cert.checkPrivateKey(key)).toBe(true);
    expect(cert.ca).toBe(true);
    expect(cert.checkIssued(cert)).toBe(true);
    expect(cert.verify(cert.publicKey)).toBe(true);
    expect(validity(cert)).toEqual({
      notBefore: new Date(NOW.getTime() - HOUR),
      notAfter: new Date(NOW.getTime() + 365 * DAY),
    });
  });

  it('gives each its own name of one plain field, within the 64 characters of a common name', async () => {
    const subjects = await Promise.all(
      [1, 2, 3].map(async () => subjectOf((await issueAuthority({ now })).cert)),
    );
    expect(new Set(subjects).size).toBe(3);
    for (const subject of subjects) {
      expect(subject).toMatch(/^CN=calico-admission-ca@2026-11-21T07:00:00\.000Z-[0-9a-f]{8}$/);
      expect(subject.length - 3).toBeLessThanOrEqual(64);
    }
  });

  it('accepts another length, and cuts the milliseconds, which X.509 does not have', async () => {
    const pair = await issueAuthority({ now: at(789), days: 2 });
    expect(validity(new X509Certificate(pair.cert)).notAfter).toEqual(new Date(NOW.getTime() + 2 * DAY));
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('rejects %s days', async (days) => {
    await expect(issueAuthority({ now, days })).rejects.toThrow(CertificateError);
  });
});

describe('issueServing', () => {
  it('makes a serving certificate for servers that the authority vouches for', async () => {
    const { authority, serving } = await issueBoth();
    const ca = new X509Certificate(authority.cert);
    const cert = new X509Certificate(serving.cert);
    expect(cert.checkIssued(ca)).toBe(true);
    expect(cert.verify(ca.publicKey)).toBe(true);
    expect(cert.ca).toBe(false);
    expect(cert.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(cert.checkPrivateKey(createPrivateKey(serving.key))).toBe(true);
    expect(serving.key).not.toBe(authority.key);
    expect(inspectPair({ ...serving, ca: authority.cert }, { now, sans: SANS }).problem).toBeUndefined();
    for (const name of SANS.filter((san) => !/^[\d.]+$|:/.test(san))) {
      expect(cert.checkHost(name, { subject: 'never' })).toBe(name);
    }
    expect(cert.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(cert.checkIP('::1')).toBe('::1');
    expect(cert.checkIP('127.0.0.2')).toBeUndefined();
  });

  it('turns IP addresses into IP names and the rest into DNS names', async () => {
    const { serving } = await issueBoth({
      sans: ['10.0.0.7', '2001:db8::7', '::ffff:10.0.0.8', '*.example.org'],
    });
    const cert = new X509Certificate(serving.cert);
    expect(cert.checkIP('10.0.0.7')).toBeDefined();
    expect(cert.checkIP('2001:db8::7')).toBeDefined();
    expect(cert.checkHost('a.example.org')).toBe('*.example.org');
    expect(cert.checkHost('a.b.example.org')).toBeUndefined();
    expect(cert.subjectAltName).toContain('DNS:*.example.org');
    expect(cert.subjectAltName).not.toContain('DNS:10.');
  });

  it('has serials of 128 bits, positive and never the same', async () => {
    const authority = await issueAuthority({ now });
    const pairs = await Promise.all([...'123456'].map(() => issueServing({ authority, sans: ['a'], now })));
    const serials = pairs.map((pair) => new X509Certificate(pair.cert).serialNumber);
    expect(new Set(serials).size).toBe(6);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('is valid for 90 days, and at most until a day before its authority ends', async () => {
    const authority = await issueAuthority({ now });
    const end = async (clock: () => Date, days?: number) => {
      const pair = await issueServing({ authority, sans: ['a'], now: clock, ...(days && { days }) });
      return (validity(new X509Certificate(pair.cert)).notAfter.getTime() - NOW.getTime()) / DAY;
    };
    expect(await end(now)).toBe(90);
    expect(await end(now, 7)).toBe(7);
    expect(await end(at(300 * DAY))).toBe(364);
    expect(await end(at(363.5 * DAY))).toBe(364);
    await expect(end(at(364 * DAY))).rejects.toThrow(/cannot sign.*create a new certificate authority/);
    await expect(end(at(400 * DAY))).rejects.toThrow(CertificateError);
    await expect(end(at(-2 * DAY))).rejects.toThrow(CertificateError);
    await expect(end(now, 91)).rejects.toThrow(/got 91 days.*at most 90/);
  });

  it('never begins before its authority', async () => {
    const authority = await issueAuthority({ now });
    const pair = await issueServing({ authority, sans: ['a'], now: at(-HOUR / 2) });
    expect(validity(new X509Certificate(pair.cert)).notBefore).toEqual(new Date(NOW.getTime() - HOUR));
  });

  it('rejects invalid names and authorities', async () => {
    const { authority, serving } = await issueBoth();
    const other = await issueAuthority({ now });
    const attempt = (with_: typeof authority, sans = ['a']) => issueServing({ authority: with_, sans, now });
    await expect(attempt(authority, ['a, CN=b'])).rejects.toThrow(SanError);
    await expect(attempt(authority, [])).rejects.toThrow(SanError);
    await expect(attempt(serving)).rejects.toThrow(/cannot sign other certificates/);
    await expect(attempt({ cert: authority.cert, key: other.key })).rejects.toThrow(/does not belong/);
    await expect(attempt({ cert: 'x', key: 'y' })).rejects.toThrow(CertificateError);
    await expect(attempt({ cert: '', key: '' })).rejects.toThrow(CertificateError);
  });

  it.runIf(hasOpenssl)(
    'passes openssl verify -x509_strict, and beside another authority of ours',
    async () => {
      const dir = temporaryDirectory();
      const clock = () => new Date();
      const { authority, serving } = await issueBoth({ now: clock });
      const other = await issueAuthority({ now: clock });
      put(dir, {
        'ca.crt': authority.cert,
        'tls.crt': serving.cert,
        'both.crt': other.cert + authority.cert,
      });
      const verify = (ca: string) =>
        openssl(['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', ca, 'tls.crt'], { cwd: dir });
      expect(verify('ca.crt')).toBe('tls.crt: OK\n');
      expect(verify('both.crt')).toBe('tls.crt: OK\n');
      const text = openssl(['x509', '-in', join(dir, 'tls.crt'), '-noout', '-text']) ?? '';
      expect(text).toContain('X509v3 Subject Key Identifier');
      expect(text).toContain('X509v3 Authority Key Identifier');
      expect(text).toContain('ecdsa-with-SHA256');
      const caText = openssl(['x509', '-in', join(dir, 'ca.crt'), '-noout', '-text']) ?? '';
      expect(caText).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
      expect(caText).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign/);
    },
  );

  it.runIf(hasOpenssl).each([
    ['rsa', ['-newkey', 'rsa:1024']],
    ['P-384', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384']],
  ])('signs with an %s authority made by openssl', async (_kind, newkey) => {
    const dir = temporaryDirectory();
    // A subject that would break if it were taken apart and joined again.
    const authority = opensslAuthority(dir, ['-utf8', ...newkey, '-subj', '/O=Örg, Inc/CN=own']);
    const serving = await issueServing({ authority, sans: SANS, now: () => new Date() });
    put(dir, { 'tls.crt': serving.cert });
    const verified = openssl(['verify', '-x509_strict', '-CAfile', 'ca.crt', 'tls.crt'], { cwd: dir });
    expect(verified).toBe('tls.crt: OK\n');
    expect(new X509Certificate(serving.cert).checkIssued(new X509Certificate(authority.cert))).toBe(true);
  });
});

function subjectOf(pem: string): string {
  return new X509Certificate(pem).subject;
}
