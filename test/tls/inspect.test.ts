import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inspectPair, isOfOurMaking, missingSans, readCertificates } from '../../src/tls/inspect.ts';
import { issueServing, type KeyPair } from '../../src/tls/issue.ts';
import {
  at,
  DAY,
  EC,
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

let authority: KeyPair;
let serving: KeyPair;
let other: { authority: KeyPair; serving: KeyPair };

beforeAll(async () => {
  ({ authority, serving } = await issueBoth());
  other = await issueBoth();
});

describe('inspectPair', () => {
  it('finds nothing wrong with a good pair and returns when it ends', () => {
    expect(inspectPair({ ...serving, ca: authority.cert }, { now, sans: SANS })).toEqual({
      problem: undefined,
      expiry: { leaf: new Date(NOW.getTime() + 90 * DAY), ca: new Date(NOW.getTime() + 365 * DAY) },
    });
    expect(inspectPair(serving, { now, sans: [] })).toEqual({
      problem: undefined,
      expiry: { leaf: new Date(NOW.getTime() + 90 * DAY), ca: undefined },
    });
  });

  type Row = [
    what: string,
    pair: () => { cert: string; key: string; ca?: string },
    kind: string,
    message: RegExp,
  ];
  const garbled = (pem: string) => pem.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA');
  const rows: Row[] = [
    ['an empty tls.crt', () => ({ ...serving, cert: '' }), 'unreadable', /^tls\.crt is empty/],
    ['a blank tls.crt', () => ({ ...serving, cert: ' \n' }), 'unreadable', /^tls\.crt is empty/],
    ['garbage in tls.crt', () => ({ ...serving, cert: 'garbage\0' }), 'unreadable', /^tls\.crt has no/],
    ['a key in tls.crt', () => ({ ...serving, cert: serving.key }), 'unreadable', /^tls\.crt has no/],
    ['half of tls.crt', () => ({ ...serving, cert: serving.cert.slice(0, 300) }), 'unreadable', /^tls\.crt/],
    ['a garbled tls.crt', () => ({ ...serving, cert: garbled(serving.cert) }), 'unreadable', /^tls\.crt/],
    [
      'garbage after the serving certificate',
      () => ({ ...serving, cert: serving.cert + garbled(serving.cert) }),
      'unreadable',
      /./,
    ],
    ['an empty tls.key', () => ({ ...serving, key: '' }), 'unreadable', /^tls\.key is empty/],
    ['garbage in tls.key', () => ({ ...serving, key: 'x' }), 'unreadable', /^tls\.key has no private key/],
    ['a certificate in tls.key', () => ({ ...serving, key: serving.cert }), 'unreadable', /^tls\.key/],
    ['half of tls.key', () => ({ ...serving, key: serving.key.slice(0, 90) }), 'unreadable', /^tls\.key/],
    ['a locked key', () => ({ ...serving, key: lockedKey() }), 'unreadable', /passphrase/],
    [
      'another key',
      () => ({ ...serving, key: other.serving.key }),
      'key-mismatch',
      /^tls\.key does not belong/,
    ],
    [
      'a key of another kind',
      () => ({ ...serving, key: rsaKey() }),
      'key-mismatch',
      /^tls\.key does not belong/,
    ],
    [
      'a chain in the wrong order',
      () => ({ key: serving.key, cert: authority.cert + serving.cert }),
      'key-mismatch',
      /not the first/,
    ],
    [
      'another authority',
      () => ({ ...serving, ca: other.authority.cert }),
      'not-signed-by-ca',
      /^tls\.crt was not/,
    ],
    [
      'a serving certificate as authority',
      () => ({ ...serving, ca: other.serving.cert }),
      'not-signed-by-ca',
      /^tls\.crt was not/,
    ],
    ['an empty ca.crt', () => ({ ...serving, ca: '' }), 'unreadable', /^ca\.crt is empty/],
    ['garbage in ca.crt', () => ({ ...serving, ca: 'x' }), 'unreadable', /^ca\.crt has no/],
    [
      'a garbled ca.crt',
      () => ({ ...serving, ca: garbled(authority.cert) }),
      'unreadable',
      /^ca\.crt has no/,
    ],
  ];
  it.each(rows)('finds %s', (_what, pair, kind, message) => {
    const { problem } = inspectPair(pair(), { now, sans: SANS });
    expect(problem?.kind).toBe(kind);
    expect(problem?.message).toMatch(message);
    expect(problem?.message).toContain(problem?.file);
  });

  it('looks at the dates to the second', () => {
    const kind = (offset: number) => inspectPair(serving, { now: at(offset), sans: [] }).problem?.kind;
    expect(kind(-3_600_001)).toBe('not-yet-valid');
    expect(kind(-3_600_000)).toBeUndefined();
    expect(kind(90 * DAY)).toBeUndefined();
    expect(kind(90 * DAY + 1)).toBe('expired');
  });

  it('finds an expired authority of a valid certificate', async () => {
    // Only other programs make such: our serving certificates never outlive their authority. The clock is moved instead.
    if (!hasOpenssl) return;
    const dir = temporaryDirectory();
    const short = opensslAuthority(dir, [...EC, '-subj', '/CN=short'], 1);
    const leaf = opensslLeaf(dir, 'leaf', 30, 'subjectAltName=DNS:localhost');
    const inTwoDays = () => new Date(Date.now() + 2 * DAY);
    const found = inspectPair({ ...leaf, ca: short.cert }, { now: inTwoDays, sans: [] });
    expect(found.problem).toMatchObject({ kind: 'ca-expired', file: 'ca.crt' });
    expect(found.problem?.message).toMatch(/^ca\.crt expired on \d{4}-/);
    expect(found.expiry.ca?.getTime()).toBeLessThan(found.expiry.leaf?.getTime() ?? 0);
    // Without a ca.crt this is unknown.
    expect(inspectPair(leaf, { now: inTwoDays, sans: [] }).problem).toBeUndefined();
  });

  it('names the names that are missing', () => {
    const sans = [...SANS, 'webhook.example.org', '10.0.0.7', '*.example.org'];
    const { problem } = inspectPair({ ...serving, ca: authority.cert }, { now, sans });
    expect(problem).toMatchObject({
      kind: 'san-missing',
      missing: ['webhook.example.org', '10.0.0.7', '*.example.org'],
    });
    expect(problem?.message).toBe('tls.crt does not name webhook.example.org, 10.0.0.7, *.example.org');
  });

  it('lets a wildcard cover one label, and a wanted wildcard be covered by itself only', async () => {
    const wild = await issueServing({ authority, sans: ['*.example.org'], now });
    const [certificate] = readCertificates(wild.cert) ?? [];
    expect(certificate && missingSans(certificate, ['a.example.org', '*.example.org'])).toEqual([]);
    expect(certificate && missingSans(certificate, ['example.org', 'a.b.example.org'])).toHaveLength(2);
    const [plain] = readCertificates(serving.cert) ?? [];
    // The common name counts for nothing, as in Go.
    expect(plain && missingSans(plain, ['*.calico-admission.svc'])).toEqual(['*.calico-admission.svc']);
  });

  it('accepts any authority of a bundle, and the valid one first', () => {
    const bundle = other.authority.cert + authority.cert;
    expect(inspectPair({ ...serving, ca: bundle }, { now, sans: [] }).problem).toBeUndefined();
  });

  it('accepts text around the blocks, CRLF, and a chain that repeats the authority', () => {
    const cert = `subject=x\r\n${serving.cert.replaceAll('\n', '\r\n')}\r\nissuer=y\n${authority.cert}`;
    expect(
      inspectPair({ cert, key: serving.key, ca: authority.cert }, { now, sans: SANS }).problem,
    ).toBeUndefined();
  });

  it('never throws', () => {
    const never = () => new Date(Number.NaN);
    for (const text of [
      '',
      '\0',
      '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----',
      '{}',
      'é'.repeat(9),
    ]) {
      expect(inspectPair({ cert: text, key: text, ca: text }, { now, sans: SANS }).problem).toBeDefined();
    }
    expect(() => inspectPair({ ...serving, ca: authority.cert }, { now: never, sans: SANS })).not.toThrow();
  });

  describe.runIf(hasOpenssl)('with certificates made by openssl', () => {
    const realNow = () => new Date();

    it('follows intermediates, and checks their end', () => {
      const dir = temporaryDirectory();
      const root = opensslAuthority(dir, [...EC, '-subj', '/CN=root']);
      const between = opensslLeaf(
        dir,
        'between',
        1,
        'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign',
      );
      put(dir, { 'ca.crt': between.cert, 'ca.key': between.key });
      const leaf = opensslLeaf(dir, 'leaf', 30, 'subjectAltName=DNS:localhost');
      const chain = { key: leaf.key, cert: leaf.cert + between.cert, ca: root.cert };
      expect(inspectPair(chain, { now: realNow, sans: ['localhost'] }).problem).toBeUndefined();
      expect(inspectPair({ ...chain, cert: leaf.cert }, { now: realNow, sans: [] }).problem?.kind).toBe(
        'not-signed-by-ca',
      );
      const later = inspectPair(chain, { now: () => new Date(Date.now() + 2 * DAY), sans: [] });
      expect(later.problem).toMatchObject({ kind: 'ca-expired', file: 'tls.crt' });
    });

    it('accepts a self-signed certificate that is its own authority', () => {
      const dir = temporaryDirectory();
      const args = [...EC, '-nodes', '-keyout', 'k', '-out', 'c', '-subj', '/CN=x'];
      openssl(['req', '-x509', ...args, '-addext', 'subjectAltName=DNS:x'], { cwd: dir });
      const pair = { cert: readFileSync(join(dir, 'c'), 'utf8'), key: readFileSync(join(dir, 'k'), 'utf8') };
      expect(inspectPair({ ...pair, ca: pair.cert }, { now: realNow, sans: ['x'] }).problem).toBeUndefined();
    });

    it('finds certificates for clients, without names, and with keys too short', () => {
      const dir = temporaryDirectory();
      opensslAuthority(dir, [...EC, '-subj', '/CN=root']);
      const kind = (extensions: string, newkey?: string[]) =>
        inspectPair(opensslLeaf(dir, 'leaf', 30, extensions, newkey), { now: realNow, sans: [] }).problem;
      expect(kind('subjectAltName=DNS:a\nextendedKeyUsage=clientAuth')?.kind).toBe('not-for-servers');
      expect(kind('subjectAltName=DNS:a\nextendedKeyUsage=serverAuth')).toBeUndefined();
      expect(kind('basicConstraints=CA:FALSE')).toMatchObject({ kind: 'san-missing' });
      expect(kind('subjectAltName=DNS:a', ['-newkey', 'rsa:512'])?.message).toMatch(
        /rejected by OpenSSL: .*too small/,
      );
    });

    it('reads a key in the older forms', () => {
      const dir = temporaryDirectory();
      put(dir, { k: serving.key });
      const sec1 = openssl(['ec', '-in', join(dir, 'k')]) ?? '';
      const parameters = openssl(['ecparam', '-name', 'prime256v1']) ?? '';
      expect(sec1).toContain('BEGIN EC PRIVATE KEY');
      expect(inspectPair({ ...serving, key: parameters + sec1 }, { now, sans: [] }).problem).toBeUndefined();
    });
  });
});

describe('isOfOurMaking', () => {
  it('recognizes what this program signed', () => {
    const first = (pem: string) => readCertificates(pem)?.[0];
    for (const pem of [authority.cert, serving.cert]) {
      const certificate = first(pem);
      expect(certificate && isOfOurMaking(certificate)).toBe(true);
    }
    if (!hasOpenssl) return;
    const certificate = first(opensslAuthority(temporaryDirectory(), [...EC, '-subj', '/CN=a']).cert);
    expect(certificate && isOfOurMaking(certificate)).toBe(false);
  });
});

function rsaKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function lockedKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
  return privateKey.export(options).toString();
}

/** A certificate signed by ca.crt and ca.key of `dir`. */
function opensslLeaf(dir: string, name: string, days: number, extensions: string, newkey = EC): KeyPair {
  const file = (suffix: string) => join(dir, `${name}.${suffix}`);
  put(dir, { [`${name}.ext`]: extensions });
  openssl(['req', ...newkey, '-nodes', '-keyout', file('key'), '-out', file('csr'), '-subj', `/CN=${name}`]);
  const signer = ['-CA', join(dir, 'ca.crt'), '-CAkey', join(dir, 'ca.key'), '-CAcreateserial'];
  const out = ['-days', String(days), '-extfile', file('ext'), '-out', file('crt')];
  openssl(['x509', '-req', '-in', file('csr'), ...signer, ...out]);
  return { cert: readFileSync(file('crt'), 'utf8'), key: readFileSync(file('key'), 'utf8') };
}
