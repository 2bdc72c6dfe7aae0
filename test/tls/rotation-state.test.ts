import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { inspectPair, readCertificates } from '../../src/tls/inspect.ts';
import { issueAuthority, issueServing } from '../../src/tls/issue.ts';
import { DEFAULT_LIFETIMES } from '../../src/tls/lifetimes.ts';
import { nextStep, type Publication, type Step } from '../../src/tls/rotation.ts';
import {
  applyStep,
  bundleOf,
  expiryOf,
  factsOf,
  isServable,
  type RotationState,
  readState,
  type Stored,
  writeState,
} from '../../src/tls/rotation-state.ts';
import { at, DAY, hasOpenssl, NOW, openssl, put, SANS, temporaryDirectory } from './fixtures.ts';

const SHOWN: Publication = { kind: 'shown', forMs: DAY };
const context = (now: Date, sans: readonly string[] = SANS) => ({ now, sans, lifetimes: DEFAULT_LIFETIMES });

function stepFor(stored: Stored, now: Date, publication: Publication = SHOWN, sans = SANS): Step {
  const facts = factsOf(readState(stored), stored, now, sans);
  return nextStep(facts, { now: now.getTime(), publication, lifetimes: DEFAULT_LIFETIMES, renewAt: 2 / 3 });
}

/** Does what is due until nothing is, through the stored texts each time. */
async function bring(stored: Stored, now: Date, publication: Publication = SHOWN) {
  const steps: Step[] = [];
  let texts = stored;
  for (;;) {
    const step = stepFor(texts, now, publication);
    if (step === 'keep') return { texts, steps };
    steps.push(step);
    texts = writeState(await applyStep(readState(texts), step, context(now)));
  }
}

/** The chain as the strictest verifier sees it, at that time. */
function verifyStrictly(state: RotationState, now: Date): void {
  const dir = temporaryDirectory();
  put(dir, { 'bundle.crt': bundleOf(state), 'tls.crt': state.leaf?.cert ?? '' });
  const args = ['-x509_strict', '-purpose', 'sslserver', '-verify_hostname', SANS.at(-2) ?? ''];
  const when = ['-attime', String(Math.floor(now.getTime() / 1000))];
  const output = openssl(['verify', ...args, ...when, '-CAfile', 'bundle.crt', 'tls.crt'], { cwd: dir });
  if (hasOpenssl) expect(output?.trim()).toBe('tls.crt: OK');
  const pair = { cert: state.leaf?.cert ?? '', key: state.leaf?.key ?? '', ca: bundleOf(state) };
  expect(inspectPair(pair, { now: () => now, sans: SANS }).problem).toBeUndefined();
}

describe('the life of a Secret', () => {
  it('changes its authority so that each bundle vouches for what was served before, during and after', async () => {
    const first = await bring({}, NOW);
    expect(first.steps).toEqual(['found']);
    const one = readState(first.texts);
    verifyStrictly(one, NOW);

    // The leaf is renewed by the same authority until that is due.
    let texts = first.texts;
    for (let day = 10; day < 60; day += 9.5) {
      const renewed = await bring(texts, at(day * DAY)());
      expect(renewed.steps).toEqual(['sign']);
      texts = renewed.texts;
      verifyStrictly(readState(texts), at(day * DAY)());
    }
    expect(bundleOf(readState(texts))).toBe(bundleOf(one));

    const due = at(60.5 * DAY)();
    const prepared = await bring(texts, due, { kind: 'not-shown', ageMs: 0 });
    expect(prepared.steps).toEqual(['prepare']);
    const two = readState(prepared.texts);
    expect(two.leaf).toEqual(readState(texts).leaf);
    expect(readCertificates(bundleOf(two))).toHaveLength(2);
    verifyStrictly(two, due);

    // Any replica may go on from what is stored.
    const published = await bring(prepared.texts, due, { kind: 'shown', forMs: 0 });
    expect(published.steps).toEqual(['published']);
    const later = new Date(due.getTime() + DEFAULT_LIFETIMES.propagation);
    expect((await bring(published.texts, new Date(later.getTime() - 1000))).steps).toEqual([]);
    const switched = await bring(published.texts, later);
    expect(switched.steps).toEqual(['switch']);
    const three = readState(switched.texts);
    verifyStrictly(three, later);
    // Nothing changes in any caBundle: each change costs an API server its connections.
    expect(bundleOf(three)).toBe(bundleOf(two));
    // A replica that has not read it yet serves the old certificate, and is trusted.
    verifyStrictly({ ...three, leaf: two.leaf }, later);
    expect(JSON.stringify(switched.texts)).not.toContain(texts['ca.key']?.slice(60, 100));

    const lastLeaf = expiryOf(two).leaf?.getTime() ?? 0;
    expect(three.previous?.until?.getTime()).toBe(lastLeaf);
    const nearly = await bring(switched.texts, new Date(lastLeaf - 1000));
    expect(readState(nearly.texts).previous).toBeDefined();
    const retired = await bring(nearly.texts, new Date(lastLeaf));
    expect(retired.steps).toContain('retire');
    const four = readState(retired.texts);
    expect(readCertificates(bundleOf(four))).toHaveLength(1);
    verifyStrictly(four, new Date(lastLeaf));

    const names = [one, three].map((state) => new X509Certificate(state.current?.cert ?? ''));
    expect(names[0]?.subject).not.toBe(names[1]?.subject);
    expect(names[0]?.fingerprint256).not.toBe(names[1]?.fingerprint256);
  });

  it('has leaves of 14 days under authorities of 90, backdated, and returns when each part ends', async () => {
    const { texts } = await bring({}, NOW);
    const state = readState(texts);
    expect(expiryOf(state)).toEqual({
      leaf: at(14 * DAY)(),
      ca: at(90 * DAY)(),
      nextCa: undefined,
      previousCa: undefined,
    });
    const [leaf] = readCertificates(texts['tls.crt'] ?? '') ?? [];
    expect(new Date(leaf?.validFrom ?? 0)).toEqual(at(-3_600_000)());
    expect(leaf?.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
    // A client whose clock is 55 minutes behind takes it, and so does a replica of which the clock is.
    for (const minutes of [-55, -30, 30]) {
      const then = at(minutes * 60_000)();
      verifyStrictly(state, then);
      expect((await bring(texts, then)).steps).toEqual([]);
    }
  });

  it('never has a serving certificate that outlives its authority', async () => {
    const { texts } = await bring({}, NOW);
    // Whether the next authority is known stays unknown to the end.
    const unknown: Publication = { kind: 'unknown' };
    let stored = texts;
    let steps: Step[] = [];
    for (let day = 1; day < 89 && !steps.includes('switch-at-once'); day += 1) {
      ({ texts: stored, steps } = await bring(stored, at(day * DAY)(), unknown));
      const { leaf, ca } = expiryOf(readState(stored));
      expect(leaf?.getTime()).toBeLessThanOrEqual((ca?.getTime() ?? 0) - DAY);
      expect(isServable(readState(stored), at(day * DAY)())).toBe(true);
    }
    ({ texts: stored, steps } = await bring(stored, at(89 * DAY)(), unknown));
    expect(steps).toEqual(['switch-at-once']);
    verifyStrictly(readState(stored), at(89 * DAY)());
  });
});

describe('what is found in a Secret', async () => {
  const { texts: good } = await bring({}, NOW);
  const { texts: other } = await bring({}, NOW);
  const longAgo = (await bring({}, at(-100 * DAY)())).texts;
  const wasAsleep = (await bring({}, at(-20 * DAY)())).texts;
  const wrongName = writeState(
    await applyStep(readState({}), 'found', context(NOW, ['elsewhere.example', '10.0.0.7', 'fd00::7'])),
  );

  const rows: [name: string, stored: Stored, steps: Step[]][] = [
    ['nothing', {}, ['found']],
    ['what is good', good, []],
    ['foreign entries beside it', { ...good, 'x.txt': 'y' }, []],
    ['garbage', { 'tls.crt': 'x', 'tls.key': 'y', 'ca.crt': 'z', 'ca.key': '\0' }, ['found-again']],
    ['a key of another leaf', { ...good, 'tls.key': other['tls.key'] ?? '' }, ['sign']],
    ['a serving certificate of another authority', { ...good, 'tls.crt': other['tls.crt'] ?? '' }, ['sign']],
    ['no leaf', { ...good, 'tls.crt': '' }, ['sign']],
    ['no key of the authority', { ...good, 'ca.key': '' }, ['prepare', 'published']],
    ['another key of the authority', { ...good, 'ca.key': other['ca.key'] ?? '' }, ['prepare', 'published']],
    ['neither authority', { ...good, 'ca.crt': 'x' }, ['found-again']],
    ['a serving certificate and an authority that have ended', longAgo, ['found-again']],
    ['a serving certificate that has ended while its authority holds', wasAsleep, ['sign']],
    ['a serving certificate for other names', wrongName, ['sign-more-names']],
    ['a next authority that is garbage', { ...good, 'next-ca.crt': 'x', 'next-ca.key': 'y' }, []],
    ['a next authority without its key', { ...good, 'next-ca.crt': other['ca.crt'] ?? '' }, []],
    ['times that are none', { ...good, 'next-ca.published-since': 'soon', 'previous-ca.until': '?' }, []],
  ];

  it.each(rows)('%s', async (_name, stored, steps) => {
    const brought = await bring(stored, NOW);
    expect(brought.steps).toEqual(steps);
    verifyStrictly(readState(brought.texts), NOW);
    expect(readCertificates(bundleOf(readState(brought.texts)))?.length).toBeLessThanOrEqual(3);
  });

  it('names that other replicas want stay in the serving certificate', async () => {
    const { texts } = await bring(wrongName, NOW);
    const sans = ['elsewhere.example', '10.0.0.7', 'fd00::7', ...SANS];
    expect(factsOf(readState(texts), texts, NOW, sans).leaf?.hasNames).toBe(true);
    // So no two replicas can take turns: neither has anything to do.
    expect(stepFor(texts, NOW, SHOWN, ['elsewhere.example'])).toBe('keep');
    expect(stepFor(texts, NOW, SHOWN, SANS)).toBe('keep');
  });

  it('a Secret that a user made by hand is taken over without a failed call', async () => {
    const old = await issueAuthority({ now: at(-30 * DAY) });
    const pair = await issueServing({ authority: old, sans: SANS, now: at(-30 * DAY) });
    const stored = { 'tls.crt': pair.cert, 'tls.key': pair.key, 'ca.crt': old.cert };
    const prepared = await bring(stored, NOW);
    expect(prepared.steps).toEqual(['prepare', 'published']);
    // Served is the old serving certificate, and the bundle has its authority as well as the next.
    expect(prepared.texts['tls.crt']).toBe(pair.cert);
    const later = new Date(NOW.getTime() + DEFAULT_LIFETIMES.propagation);
    const switched = await bring(prepared.texts, later);
    expect(switched.steps).toEqual(['switch']);
    verifyStrictly(readState(switched.texts), later);
    verifyStrictly({ ...readState(switched.texts), leaf: pair }, later);
  });

  it('is written as it was read', () => {
    expect(writeState(readState(good))).toEqual(good);
  });
});
