import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CertificateError } from '../../src/errors.ts';
import { type EnsuredDirectory, ensureDirectory, readDirectory } from '../../src/tls/directory.ts';
import { inspectPair } from '../../src/tls/inspect.ts';
import { issueAuthority, issueServing } from '../../src/tls/issue.ts';
import { SanError } from '../../src/tls/names.ts';
import {
  at,
  contentOf,
  DAY,
  EC,
  hasOpenssl,
  issueBoth,
  NOW,
  now,
  opensslAuthority,
  put,
  recordingLog,
  SANS,
  temporaryDirectory,
} from './fixtures.ts';

type Options = Partial<Parameters<typeof ensureDirectory>[0]>;

function ensure(dir: string, options: Options = {}): Promise<EnsuredDirectory> {
  return ensureDirectory({ dir, sans: SANS, now, log: recordingLog(), inCluster: false, ...options });
}

/** Starts again. @returns which files were written anew */
async function restart(dir: string, options: Options = {}): Promise<string[]> {
  const before = contentOf(dir);
  const ensured = await ensure(dir, options);
  const after = contentOf(dir);
  const usable = inspectPair(ensured, { now: options.now ?? now, sans: options.sans ?? SANS });
  expect(usable.problem).toBeUndefined();
  expect({ cert: after['tls.crt'], key: after['tls.key'], ca: after['ca.crt'] }).toEqual({
    cert: ensured.cert,
    key: ensured.key,
    ca: ensured.ca,
  });
  return Object.keys(after).filter((name) => after[name] !== before[name]);
}

const ALL = ['ca.crt', 'ca.key', 'tls.crt', 'tls.key'];
const LEAF = ['tls.crt', 'tls.key'];

describe('ensureDirectory makes certificates', () => {
  it('in a directory that is not there yet, for its owner only', async () => {
    const dir = join(temporaryDirectory(), 'deep', 'certs');
    const log = recordingLog();
    const ensured = await ensure(dir, { log });
    expect(readdirSync(dir).sort()).toEqual(ALL);
    const mode = (name: string) => statSync(join(dir, name)).mode & 0o777;
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect([mode('ca.key'), mode('tls.key')]).toEqual([0o600, 0o600]);
    expect([mode('ca.crt') & 0o444, mode('tls.crt') & 0o444]).toEqual([0o444, 0o444]);
    expect(ensured).toMatchObject({
      made: 'authority',
      paths: { cert: join(dir, 'tls.crt'), key: join(dir, 'tls.key'), ca: join(dir, 'ca.crt') },
      expiry: { leaf: new Date(NOW.getTime() + 90 * DAY), ca: new Date(NOW.getTime() + 365 * DAY) },
    });
    expect(log.lines).toMatchObject([
      { level: 'info', msg: 'certificate and certificate authority created' },
    ]);
    expect(JSON.stringify(log.lines)).not.toContain('PRIVATE');
    expect(await readDirectory(dir)).toEqual({ cert: ensured.cert, key: ensured.key, ca: ensured.ca });
  });

  it('beside a README, and leaves that and everything else there', async () => {
    const dir = temporaryDirectory();
    put(dir, { 'README.md': 'hello', '.gitkeep': '' });
    expect(await restart(dir)).toEqual(ALL);
    expect(contentOf(dir)['README.md']).toBe('hello');
  });

  it('and uses them again, writing nothing', async () => {
    const dir = temporaryDirectory();
    await ensure(dir);
    expect(await restart(dir, { now: at(59 * DAY) })).toEqual([]);
    const log = recordingLog();
    expect(await ensure(dir, { log })).toMatchObject({ made: 'nothing' });
    expect(log.lines).toEqual([]);
  });

  it('from bad names never', async () => {
    await expect(ensure(temporaryDirectory(), { sans: ['a b'] })).rejects.toThrow(SanError);
    await expect(ensure('')).rejects.toThrow(/--cert-dir/);
  });
});

describe('ensureDirectory renews only what is needed', () => {
  const rows: [what: string, change: (dir: string) => unknown, options: Options, written: string[]][] = [
    ['two thirds of the serving certificate’s life are over', () => 0, { now: at(61 * DAY) }, LEAF],
    ['the serving certificate has expired', () => 0, { now: at(91 * DAY) }, LEAF],
    ['a name is missing', () => 0, { sans: [...SANS, 'webhook.example.org', '10.0.0.7'] }, LEAF],
    ['the authority has just enough life left', () => 0, { now: at(333 * DAY) }, LEAF],
    ['the authority ends soon', () => 0, { now: at(335 * DAY) }, ALL],
    ['everything has expired', () => 0, { now: at(400 * DAY) }, ALL],
    ['nothing is valid yet', () => 0, { now: at(-2 * DAY) }, ALL],
    ['tls.crt is gone', (dir) => rmSync(join(dir, 'tls.crt')), {}, LEAF],
    ['tls.key is gone', (dir) => rmSync(join(dir, 'tls.key')), {}, LEAF],
    ['tls.crt is empty', (dir) => put(dir, { 'tls.crt': '' }), {}, LEAF],
    ['tls.crt is garbage', (dir) => put(dir, { 'tls.crt': 'garbage\0' }), {}, LEAF],
    ['tls.key is empty', (dir) => put(dir, { 'tls.key': '' }), {}, LEAF],
    ['tls.key is garbage', (dir) => put(dir, { 'tls.key': '-----BEGIN PRIVATE KEY-----\n' }), {}, LEAF],
    ['ca.crt is gone', (dir) => rmSync(join(dir, 'ca.crt')), {}, ALL],
    ['ca.crt is garbage', (dir) => put(dir, { 'ca.crt': 'garbage' }), {}, ALL],
    [
      'ca.crt is another one of ours',
      async (dir) => put(dir, { 'ca.crt': (await issueAuthority({ now })).cert }),
      {},
      ALL,
    ],
    // The served chain is whole: no need to make its clients trust another one.
    ['ca.key is empty', (dir) => put(dir, { 'ca.key': '' }), {}, []],
    [
      'ca.key is another one',
      async (dir) => put(dir, { 'ca.key': (await issueAuthority({ now })).key }),
      {},
      [],
    ],
    [
      'ca.key is empty and the serving certificate is due',
      (dir) => put(dir, { 'ca.key': '' }),
      { now: at(61 * DAY) },
      ALL,
    ],
  ];
  let made: Record<string, string>;
  beforeAll(async () => {
    const dir = mkdtempSync(join(tmpdir(), 'calico-tls-'));
    await ensure(dir);
    made = contentOf(dir);
    rmSync(dir, { recursive: true });
  });

  it.each(rows)('when %s', async (_what, change, options, written) => {
    const dir = temporaryDirectory();
    put(dir, made);
    await change(dir);
    expect(await restart(dir, options)).toEqual(written);
    // And is content with what it made.
    expect(await restart(dir, options)).toEqual([]);
  });

  it('logs that the authority is another one', async () => {
    const dir = temporaryDirectory();
    await ensure(dir);
    const log = recordingLog();
    await ensure(dir, { now: at(400 * DAY), log });
    expect(log.lines).toMatchObject([
      { level: 'warn', msg: expect.stringMatching(/^new certificate authority/) },
    ]);
  });

  it('keeps the certificate in use when it is only due and cannot be renewed', async () => {
    const dir = temporaryDirectory();
    const first = await ensure(dir);
    // A directory that cannot take the lock, for root as well.
    mkdirSync(join(dir, '.lock'));
    const log = recordingLog();
    const second = await ensure(dir, { now: at(61 * DAY), log });
    expect(second).toEqual({ ...first, made: 'nothing' });
    expect(log.lines).toMatchObject([{ level: 'warn', msg: 'certificate could not be renewed' }]);
    await expect(ensure(dir, { now: at(91 * DAY) })).rejects.toThrow(CertificateError);
  });
});

describe('ensureDirectory and files of a user', () => {
  const BROUGHT =
    /there is no ca\.key, so that these files are yours.*remove tls\.crt, tls\.key and ca\.crt so that new/;

  async function bring(options: { ca?: boolean } = {}): Promise<string> {
    const dir = temporaryDirectory();
    const { authority, serving } = await issueBoth();
    put(dir, {
      'tls.crt': serving.cert,
      'tls.key': serving.key,
      ...(options.ca && { 'ca.crt': authority.cert }),
    });
    return dir;
  }

  it('uses them, with a ca.crt or without', async () => {
    const dir = await bring();
    expect(await ensure(dir)).toMatchObject({ made: 'nothing', ca: undefined, expiry: { ca: undefined } });
    expect(readdirSync(dir).sort()).toEqual(LEAF);
    expect(await ensure(await bring({ ca: true }))).toMatchObject({ ca: expect.stringContaining('BEGIN') });
  });

  it('uses them when they end soon, and logs that', async () => {
    const log = recordingLog();
    expect(await ensure(await bring(), { now: at(61 * DAY), log })).toMatchObject({ made: 'nothing' });
    expect(log.lines).toMatchObject([{ level: 'warn', msg: expect.stringContaining('expires soon') }]);
  });

  it('does not add names, and logs what is missing', async () => {
    const log = recordingLog();
    const dir = await bring();
    await ensure(dir, { sans: [...SANS, 'x.example'], log });
    await ensure(dir, { sans: ['x.example'], log });
    expect(log.lines).toMatchObject([
      { level: 'info', obj: { missing: ['x.example'] } },
      { level: 'warn', obj: { missing: ['x.example'] } },
    ]);
  });

  const rows: [what: string, change: (dir: string) => unknown, options: Options, message: RegExp][] = [
    ['expired', () => 0, { now: at(91 * DAY) }, /tls\.crt expired on 2027-02-19T07:00:00\.000Z/],
    ['not yet valid', () => 0, { now: at(-2 * DAY) }, /tls\.crt is not valid before/],
    ['without a key', (dir) => rmSync(join(dir, 'tls.key')), {}, /tls\.key is missing/],
    ['without a certificate', (dir) => rmSync(join(dir, 'tls.crt')), {}, /tls\.crt is missing/],
    ['empty', (dir) => put(dir, { 'tls.crt': '' }), {}, /tls\.crt is empty/],
    ['garbage', (dir) => put(dir, { 'tls.key': 'x' }), {}, /tls\.key has no private key/],
    [
      'of different origin',
      async (dir) => put(dir, { 'tls.key': (await issueBoth()).serving.key }),
      {},
      /does not belong/,
    ],
    [
      'beside another ca.crt',
      async (dir) => put(dir, { 'ca.crt': (await issueAuthority({ now })).cert }),
      {},
      /ca\.crt/,
    ],
  ];
  it.each(rows)('rejects them when %s, and changes nothing', async (_what, change, options, message) => {
    const dir = await bring();
    await change(dir);
    const before = contentOf(dir);
    await expect(ensure(dir, options)).rejects.toThrow(CertificateError);
    await expect(ensure(dir, options)).rejects.toThrow(message);
    await expect(ensure(dir, options)).rejects.toThrow(BROUGHT);
    expect(contentOf(dir)).toEqual(before);
  });

  it.runIf(hasOpenssl)('signs with the authority of a user, and never replaces it', async () => {
    const dir = temporaryDirectory();
    opensslAuthority(dir, [...EC, '-subj', '/CN=own'], 3);
    const clock = () => new Date();
    expect(await restart(dir, { now: clock })).toEqual(LEAF);
    expect(await restart(dir, { now: clock })).toEqual([]);
    const before = contentOf(dir);
    const late = () => new Date(Date.now() + 2.5 * DAY);
    await expect(ensure(dir, { now: late })).rejects.toThrow(
      /cannot sign .*ca\.crt expires on .*does not change it/,
    );
    put(dir, { 'ca.key': 'locked, say' });
    await expect(ensure(dir, { now: late })).rejects.toThrow(CertificateError);
    expect(contentOf(dir)).toEqual({ ...before, 'ca.key': 'locked, say' });
  });

  it.runIf(hasOpenssl)('does not overwrite them either when our own ca.key was left there', async () => {
    const dir = temporaryDirectory();
    const elsewhere = temporaryDirectory();
    const clock = () => new Date();
    await ensure(dir, { now: clock });
    const authority = opensslAuthority(elsewhere, [...EC, '-subj', '/CN=own'], 3);
    const theirs = await issueServing({ authority, sans: SANS, now: clock });
    put(dir, { 'tls.crt': theirs.cert, 'tls.key': theirs.key });
    const before = contentOf(dir);
    await expect(ensure(dir, { now: clock })).rejects.toThrow(
      /put the certificate of its certificate authority into ca\.crt/,
    );
    expect(contentOf(dir)).toEqual(before);
    put(dir, { 'ca.crt': authority.cert });
    expect(await ensure(dir, { now: clock })).toMatchObject({ made: 'nothing', cert: theirs.cert });
  });
});

describe('ensureDirectory in a cluster', () => {
  const ADVICE = /mount a Secret of `calico-admission certs --secret`/;

  it('makes nothing', async () => {
    const dir = temporaryDirectory();
    await expect(ensure(dir, { inCluster: true })).rejects.toThrow(CertificateError);
    await expect(ensure(dir, { inCluster: true })).rejects.toThrow(ADVICE);
    await expect(ensure(join(dir, 'none'), { inCluster: true })).rejects.toThrow(
      /tls\.crt and tls\.key are missing/,
    );
    expect(readdirSync(dir)).toEqual([]);
  });

  it('uses what is mounted, and renews nothing', async () => {
    const dir = temporaryDirectory();
    const made = await ensure(dir);
    const before = contentOf(dir);
    expect(await ensure(dir, { inCluster: true, now: at(61 * DAY) })).toEqual({ ...made, made: 'nothing' });
    await expect(ensure(dir, { inCluster: true, now: at(91 * DAY) })).rejects.toThrow(ADVICE);
    put(dir, { 'tls.crt': '' });
    await expect(ensure(dir, { inCluster: true })).rejects.toThrow(/tls\.crt is empty.*mount a Secret/);
    expect(contentOf(dir)).toEqual({ ...before, 'tls.crt': '' });
  });
});

describe('a directory that cannot be used', () => {
  it.each([
    ['a file', (dir: string) => join(dir, 'file'), /cannot read .*file.* \(ENOTDIR\);.*--cert-dir/],
    ['below a file', (dir: string) => join(dir, 'file', 'x'), /\(ENOTDIR\);.*--cert-dir/],
    [
      'a link that leads nowhere',
      (dir: string) => join(dir, 'dangling'),
      /cannot write to .*\(E[A-Z]+\);.*--cert-dir/,
    ],
    ['a name too long', (dir: string) => join(dir, 'x'.repeat(300)), /\(ENAMETOOLONG\);.*--cert-dir/],
    [
      'no place for files',
      () => '/proc/calico-admission',
      /cannot write to \/proc\/.*\(E[A-Z]+\);.*--cert-dir/,
    ],
  ])('is %s', async (_what, path, message) => {
    const dir = temporaryDirectory();
    put(dir, { file: '' });
    symlinkSync(join(dir, 'nowhere', 'x'), join(dir, 'dangling'));
    const failed = ensure(path(dir));
    await expect(failed).rejects.toThrow(CertificateError);
    await expect(failed).rejects.toThrow(message);
  });

  it('holds a directory, or far too much, where a file should be', async () => {
    const dir = temporaryDirectory();
    mkdirSync(join(dir, 'tls.crt'));
    await expect(ensure(dir)).rejects.toThrow(/tls\.crt \(it is not a file\); remove it/);
    rmSync(join(dir, 'tls.crt'), { recursive: true });
    put(dir, { 'tls.crt': 'x'.repeat(1_048_577) });
    await expect(ensure(dir)).rejects.toThrow(/got 1048577 bytes/);
    await expect(readDirectory(dir)).rejects.toThrow(CertificateError);
  });

  // Root may do everything, so there is nothing to see for it.
  it.skipIf(process.getuid?.() === 0)('is not for us to write or to read', async () => {
    const dir = temporaryDirectory();
    chmodSync(dir, 0o500);
    await expect(ensure(dir)).rejects.toThrow(
      /cannot write to .*\(EACCES\); run as a user with the permission/,
    );
    chmodSync(dir, 0o700);
    await ensure(dir);
    chmodSync(join(dir, 'tls.key'), 0);
    await expect(ensure(dir)).rejects.toThrow(/cannot read .*tls\.key \(EACCES\)/);
  });
});

describe('left-overs of killed writers', () => {
  const leftover = (name: string) => `.${name}.4711.0123456789ab.tmp`;

  it('are removed by the next process that writes, and nothing else is', async () => {
    const dir = temporaryDirectory();
    put(dir, {
      [leftover('tls.key')]: 'half',
      [leftover('lock')]: '',
      '.tls.key.tmp': 'mine',
      'x.tmp': 'mine',
    });
    await ensure(dir);
    expect(readdirSync(dir).sort()).toEqual(['.tls.key.tmp', ...ALL, 'x.tmp']);
  });

  it('are removed after half a minute when there is nothing to write', async () => {
    const dir = temporaryDirectory();
    await ensure(dir);
    put(dir, { [leftover('tls.key')]: 'old', [leftover('ca.key')]: 'new' });
    const seconds = NOW.getTime() / 1000;
    utimesSync(join(dir, leftover('tls.key')), seconds - 31, seconds - 31);
    utimesSync(join(dir, leftover('ca.key')), seconds - 29, seconds - 29);
    await ensure(dir);
    expect(existsSync(join(dir, leftover('tls.key')))).toBe(false);
    expect(existsSync(join(dir, leftover('ca.key')))).toBe(true);
  });
});
