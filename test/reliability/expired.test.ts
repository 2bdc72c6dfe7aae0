import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { issueAuthority, issueServing } from '../../src/tls/issue.ts';
import { bundle, MUTATING, putSecret, register, startApi, stored, VALIDATING } from '../cluster/fleet.ts';
import { SERVER_NAME } from './client.ts';
import { milliseconds, record } from './figures.ts';
import { isFull } from './form.ts';
import { type Shown, shakeHands } from './handshake.ts';
import { bundlesOfDirectory, portOf, startReplica } from './replica.ts';

const READY_MS = 5000;
const DAY = 86_400_000;
const MINUTE = 60_000;
/** As far as a client's clock may be behind; certificates are backdated by an hour. */
const BEHIND_MS = 55 * MINUTE;

type Texts = Readonly<Record<string, string>>;

/** An authority and a serving certificate as they would have been made so many days ago. */
async function makePair(options: {
  readonly daysAgo: number;
  readonly authorityDays: number;
  readonly leafDays: number;
  readonly sans?: readonly string[];
}): Promise<Texts> {
  const now = () => new Date(Date.now() - options.daysAgo * DAY);
  const authority = await issueAuthority({ now, days: options.authorityDays });
  const sans = options.sans ?? [SERVER_NAME, 'localhost', '127.0.0.1'];
  const leaf = await issueServing({ authority, sans, now, days: options.leafDays });
  return { 'ca.crt': authority.cert, 'ca.key': authority.key, 'tls.crt': leaf.cert, 'tls.key': leaf.key };
}

const good = () => makePair({ daysAgo: 0, authorityDays: 90, leafDays: 14 });

interface Row {
  readonly found: string;
  readonly make: () => Promise<Texts>;
  /** The authority is sound, and so goes on: its clients need not learn of another. */
  readonly keepsAuthority: boolean;
}

const ROWS: readonly Row[] = [
  {
    found: 'an expired leaf',
    make: () => makePair({ daysAgo: 20, authorityDays: 90, leafDays: 14 }),
    keepsAuthority: true,
  },
  {
    found: 'an expired authority',
    make: () => makePair({ daysAgo: 100, authorityDays: 90, leafDays: 14 }),
    keepsAuthority: false,
  },
  {
    found: 'a leaf for another name',
    make: () => makePair({ daysAgo: 0, authorityDays: 90, leafDays: 14, sans: ['other.example.org'] }),
    keepsAuthority: true,
  },
  {
    found: 'a key that is not the leaf’s',
    make: async () => ({ ...(await good()), 'tls.key': (await good())['tls.key'] ?? '' }),
    keepsAuthority: true,
  },
  {
    found: 'garbage',
    make: async () => ({
      'ca.crt': 'x',
      'ca.key': '\0',
      'tls.crt': '-----BEGIN CERTIFICATE-----',
      'tls.key': '',
    }),
    keepsAuthority: false,
  },
];

interface Started {
  readonly readyMs: number;
  /** The certificates that clients got from the start of the process on. */
  readonly shown: readonly Shown[];
  /** Those of them that began when it was ready. */
  readonly late: readonly Shown[];
  /** By the caBundles or the ca.crt of after the start. */
  readonly verified: readonly Shown[];
  readonly authority: string;
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a process amid `texts`, and calls it from before it listens until a while after it is ready. */
async function start(from: 'Secret' | 'directory', texts: Texts): Promise<Started> {
  const api = from === 'Secret' ? await startApi() : undefined;
  const certDir = mkdtempSync(join(tmpdir(), 'calico-admission-'));
  onTestFinished(() => rmSync(certDir, { recursive: true, force: true }));
  if (api) {
    register(api);
    putSecret(api, texts);
  } else {
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(certDir, name), text);
  }
  const port = await freePort();
  const shown: Shown[] = [];
  const late: Shown[] = [];
  let isReady = false;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      // Until it listens, connections are refused.
      const wasReady = isReady;
      await shakeHands(port, SERVER_NAME, '').then(
        (each) => {
          shown.push(each);
          if (wasReady) late.push(each);
        },
        () => undefined,
      );
      await sleep(20);
    }
  })();
  const begun = performance.now();
  const served = await startReplica({ ...(api && { api }), certDir, args: ['--port', String(port)] });
  const readyMs = performance.now() - begun;
  isReady = true;
  expect(portOf(served.url)).toBe(port);
  await sleep(500);
  isOver = true;
  await watching;
  const authority = api ? (stored(api)['ca.crt'] ?? '') : (bundlesOfDirectory(served)['/validate'] ?? '');
  const bundles = api ? [bundle(api, VALIDATING), bundle(api, MUTATING)] : [authority];
  const verified = await Promise.all(bundles.map((ca) => shakeHands(port, SERVER_NAME, ca)));
  served.cleanUp();
  await served.ended;
  await api?.kill();
  return { readyMs, shown, late, verified, authority };
}

/** Whether OpenSSL takes the serving certificate with a clock that is so far behind. @returns what it says */
function verifyBehind(leaf: Shown['leaf'], authority: string, behindMs: number): string {
  const dir = mkdtempSync(join(tmpdir(), 'calico-admission-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  writeFileSync(join(dir, 'ca.crt'), authority);
  writeFileSync(join(dir, 'tls.crt'), leaf.toString());
  const at = Math.floor((Date.now() - behindMs) / 1000);
  const args = ['-x509_strict', '-attime', String(at), '-verify_hostname', SERVER_NAME];
  try {
    return execFileSync(
      'openssl',
      ['verify', ...args, '-CAfile', join(dir, 'ca.crt'), join(dir, 'tls.crt')],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
  } catch (error) {
    return String((error as { stderr?: string }).stderr);
  }
}

describe('a start amid certificates that cannot be served', () => {
  it('is ready soon with good ones, and never serves a bad one', async () => {
    const starts: (Started & Row & { readonly from: string; readonly before: Texts })[] = [];
    for (const from of ['Secret', 'directory'] as const) {
      for (const row of ROWS) {
        const before = await row.make();
        starts.push({ ...row, from, before, ...(await start(from, before)) });
      }
    }
    const slowest = Math.max(...starts.map(({ readyMs }) => readyMs));
    const shown = starts.flatMap((each) => each.shown);
    const expired = shown.filter(({ leaf }) => Date.parse(leaf.validTo) <= Date.now()).length;
    // Before it is ready it gets no requests, and a serving certificate that lacks a name is better than none.
    const late = starts.flatMap((each) => each.late);
    const misnamed = late.filter(({ leaf }) => !leaf.checkHost(SERVER_NAME)).length;
    const behind = starts.map(({ verified, authority }) =>
      verified.map(({ leaf }) => verifyBehind(leaf, authority, BEHIND_MS)),
    );
    const accepted = behind.flat().filter((text) => /: OK\n$/.test(text)).length;
    record({
      number: 10,
      test: 'expired',
      promise: `whatever is found at the start, a valid certificate is served within ${READY_MS / 1000} s, never an expired one, and clients whose clock is ${BEHIND_MS / MINUTE} minutes behind accept it`,
      load: `${starts.length} starts: ${ROWS.map(({ found }) => found).join(', ')}; each in a Secret and in a directory; a handshake every 20 ms from the start of the process`,
      measured: `ready after ${milliseconds(slowest)} at the latest, counted from the start of the process; ${expired} of ${shown.length} handshakes were shown an expired one, ${misnamed} of ${late.length} from the ready line on a wrong name; ${accepted} of ${behind.flat().length} accepted by OpenSSL ${BEHIND_MS / MINUTE} minutes behind`,
      elsewhere:
        'cert-manager’s own certificates begin when they are made: clients that are behind refuse them; after a suspend it serves expired ones (issue 7864)',
    });
    for (const each of starts) {
      const about = `${each.found} in a ${each.from}`;
      expect(each.shown.length, about).toBeGreaterThan(0);
      expect(each.verified.map(({ problem }) => problem).filter(Boolean), about).toEqual([]);
      const kept = each.authority.trim() === each.before['ca.crt']?.trim();
      expect(kept, about).toBe(each.keepsAuthority);
      if (isFull()) expect(each.readyMs, about).toBeLessThanOrEqual(READY_MS);
    }
    expect([expired, misnamed]).toEqual([0, 0]);
    expect(late.length).toBeGreaterThan(0);
    expect(behind.flat().map((text) => (/: OK\n$/.test(text) ? 'accepted' : text))).toEqual(
      behind.flat().map(() => 'accepted'),
    );
    // Control: that the clock is used.
    const [first] = starts;
    const [leaf] = first?.verified ?? [];
    if (first === undefined || leaf === undefined) throw new Error('nothing was started');
    expect(verifyBehind(leaf.leaf, first.authority, 2 * 60 * MINUTE)).toMatch(/not yet valid/);
  });
});
