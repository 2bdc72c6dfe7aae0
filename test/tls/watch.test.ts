import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { KeyPair } from '../../src/tls/issue.ts';
import { type WatchedPair, type WatchOptions, watchDirectory } from '../../src/tls/watch.ts';
import { at, DAY, issueBoth, now, put, SANS, temporaryDirectory } from './fixtures.ts';

type Files = { 'ca.crt': string; 'tls.crt': string; 'tls.key': string };
const NEVER = 1_000_000;

let first: Files;
let second: Files;
let third: Files;

beforeAll(async () => {
  const files = ({ authority, serving }: { authority: KeyPair; serving: KeyPair }): Files => ({
    'ca.crt': authority.cert,
    'tls.crt': serving.cert,
    'tls.key': serving.key,
  });
  [first, second, third] = [files(await issueBoth()), files(await issueBoth()), files(await issueBoth())];
});

function watching(dir: string, options: Partial<WatchOptions> = {}) {
  const changes: WatchedPair[] = [];
  const errors: string[] = [];
  let asked = 0;
  const { close } = watchDirectory({
    dir,
    onChange: (pair) => void changes.push(pair),
    onError: (error) => void errors.push(error.message),
    pollMs: NEVER,
    debounceMs: 5,
    ...options,
    now: () => {
      asked += 1;
      return (options.now ?? now)();
    },
  });
  onTestFinished(close);
  const certs = () => changes.map(({ cert }) => cert);
  /** Until something was looked at again, which asks for the time; for what must not happen. */
  const looks = async () => {
    const before = asked;
    await eventually(() => expect(asked).toBeGreaterThan(before + 10));
  };
  return { changes, certs, errors, close, looks, asked: () => asked };
}

const eventually = (assertion: () => void) => vi.waitFor(assertion, { timeout: 30_000, interval: 3 });

describe('watchDirectory', () => {
  it('reports what is there, with its end, and then what replaces it', async () => {
    const dir = temporaryDirectory();
    put(dir, first);
    const seen = watching(dir);
    await eventually(() => expect(seen.changes).toHaveLength(1));
    expect(seen.changes[0]).toEqual({
      cert: first['tls.crt'],
      key: first['tls.key'],
      ca: first['ca.crt'],
      expiry: { leaf: at(90 * DAY)(), ca: at(365 * DAY)() },
    });
    put(dir, second);
    await eventually(() => expect(seen.certs()).toEqual([first['tls.crt'], second['tls.crt']]));
    expect(seen.errors).toEqual([]);
  });

  it('does not report what is served already, nor the same bytes written again', async () => {
    const dir = temporaryDirectory();
    put(dir, first);
    const current = { cert: first['tls.crt'], key: first['tls.key'], ca: first['ca.crt'] };
    const seen = watching(dir, { current });
    await eventually(() => expect(seen.asked()).toBeGreaterThan(0));
    const before = seen.asked();
    put(dir, first);
    await eventually(() => expect(seen.asked()).toBeGreaterThan(before));
    expect(seen.changes).toEqual([]);
    put(dir, second);
    await eventually(() => expect(seen.certs()).toEqual([second['tls.crt']]));
  });

  it('follows every swap of ..data, as Kubernetes does it', async () => {
    const dir = temporaryDirectory();
    const swap = (name: string, files: Files) => {
      mkdirSync(join(dir, name));
      put(join(dir, name), files);
      symlinkSync(name, join(dir, '..data_tmp'));
      renameSync(join(dir, '..data_tmp'), join(dir, '..data'));
    };
    swap('..1', first);
    for (const name of Object.keys(first)) symlinkSync(join('..data', name), join(dir, name));
    const seen = watching(dir);
    await eventually(() => expect(seen.certs()).toEqual([first['tls.crt']]));
    swap('..2', second);
    await eventually(() => expect(seen.certs().at(-1)).toBe(second['tls.crt']));
    rmSync(join(dir, '..1'), { recursive: true });
    swap('..3', third);
    await eventually(() => expect(seen.certs().at(-1)).toBe(third['tls.crt']));
    expect(seen.changes).toHaveLength(3);
    expect(seen.errors).toEqual([]);
  });

  it('polls where nothing is noticed', async () => {
    const root = temporaryDirectory();
    const dir = join(root, 'later');
    const seen = watching(dir, { pollMs: 10 });
    await eventually(() => expect(seen.errors).toEqual(['tls.crt is missing']));
    mkdirSync(dir);
    put(dir, first);
    await eventually(() => expect(seen.certs()).toEqual([first['tls.crt']]));
    // Another directory of the same name: the watch must move to it.
    renameSync(dir, join(root, 'gone'));
    mkdirSync(dir);
    put(dir, second);
    await eventually(() => expect(seen.certs().at(-1)).toBe(second['tls.crt']));
  });

  it.each([
    ['garbage', { 'tls.crt': 'x' }, 'tls.crt has no certificate that can be read as PEM'],
    ['an empty key', { 'tls.key': '' }, 'tls.key is empty'],
    [
      'half of a change',
      () => ({ 'tls.key': second['tls.key'] }),
      'tls.key does not belong to the certificate in tls.crt',
    ],
    [
      'another authority',
      () => ({ 'ca.crt': second['ca.crt'] }),
      'tls.crt was not signed by the certificate authority in ca.crt',
    ],
  ])('keeps what it has on %s, logs that once, and continues', async (_what, files, message) => {
    const dir = temporaryDirectory();
    put(dir, first);
    const seen = watching(dir, { pollMs: 5 });
    await eventually(() => expect(seen.changes).toHaveLength(1));
    put(dir, typeof files === 'function' ? files() : files);
    await eventually(() => expect(seen.errors).toEqual([message]));
    await seen.looks();
    expect(seen.errors).toEqual([message]);
    expect(seen.changes).toHaveLength(1);
    put(dir, second);
    await eventually(() => expect(seen.certs()).toEqual([first['tls.crt'], second['tls.crt']]));
    put(dir, { 'tls.crt': 'y' });
    await eventually(() => expect(seen.errors).toHaveLength(2));
  });

  it('uses a pair when it becomes valid, and logs when the served one has expired', async () => {
    const dir = temporaryDirectory();
    put(dir, first);
    let time = at(-DAY)();
    const seen = watching(dir, { pollMs: 5, now: () => time });
    await eventually(() =>
      expect(seen.errors).toEqual([expect.stringMatching(/^tls\.crt is not valid before/)]),
    );
    time = now();
    await eventually(() => expect(seen.changes).toHaveLength(1));
    time = at(91 * DAY)();
    await eventually(() => expect(seen.errors[1]).toMatch(/^tls\.crt expired on/));
    expect(seen.changes).toHaveLength(1);
  });

  it('does not use a pair without the required names', async () => {
    const dir = temporaryDirectory();
    put(dir, first);
    const seen = watching(dir, { sans: [...SANS, 'x.example'] });
    await eventually(() => expect(seen.errors).toEqual(['tls.crt does not name x.example']));
    expect(seen.changes).toEqual([]);
  });

  it('survives callbacks that throw, and offers the pair again', async () => {
    const dir = temporaryDirectory();
    put(dir, first);
    let attempts = 0;
    const reports: string[] = [];
    const seen = watching(dir, {
      pollMs: 5,
      onChange: async () => {
        attempts += 1;
        if (attempts < 3) throw new Error('not now');
      },
      onError: (error) => {
        reports.push(error.message);
        throw new Error('and not here');
      },
    });
    await eventually(() => expect(attempts).toBe(3));
    await seen.looks();
    expect(attempts).toBe(3);
    expect(reports).toEqual(['not now']);
  });

  it('reports nothing after close, also about what it was just reading', async () => {
    const dir = temporaryDirectory();
    put(dir, first);
    const early = watching(dir, { pollMs: 5 });
    early.close();
    const seen = watching(dir, { pollMs: 5 });
    await eventually(() => expect(seen.changes).toHaveLength(1));
    seen.close();
    seen.close();
    put(dir, second);
    // Another watch of the same kind has seen it many times.
    const other = watching(dir, { pollMs: 5 });
    await other.looks();
    expect(other.certs()).toEqual([second['tls.crt']]);
    expect(seen.changes).toHaveLength(1);
    expect(early.changes).toEqual([]);
  });
});
