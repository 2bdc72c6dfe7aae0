import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIFETIMES } from '../../src/tls/lifetimes.ts';
import {
  type Facts,
  isEmergency,
  leafEnd,
  nextStep,
  type Publication,
  renewalPoint,
  type Step,
} from '../../src/tls/rotation.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const T0 = Date.parse('2026-11-21T07:00:00Z');
const L = DEFAULT_LIFETIMES;
const SHOWN: Publication = { kind: 'shown', forMs: HOUR };

/** What applyStep does, in facts alone. */
function apply(facts: Facts, step: Step, now: number): Facts {
  const authority = { from: now, to: now + L.authority, signs: true };
  const leaf = (by: { from: number; to: number } | undefined) =>
    by && { from: now, to: leafEnd(by, now, L), hasNames: true };
  switch (step) {
    case 'keep':
      return facts;
    case 'found':
    case 'found-again':
      return {
        empty: false,
        current: authority,
        next: undefined,
        previousUntil: undefined,
        leaf: leaf(authority),
      };
    case 'sign':
    case 'sign-more-names':
      return { ...facts, leaf: leaf(facts.current) };
    case 'prepare':
      return { ...facts, next: { ...authority, publishedSince: undefined } };
    case 'published':
      return { ...facts, next: facts.next && { ...facts.next, publishedSince: now } };
    case 'unpublished':
      return { ...facts, next: facts.next && { ...facts.next, publishedSince: undefined } };
    case 'retire':
      return { ...facts, previousUntil: undefined };
    case 'switch':
    case 'switch-at-once':
      return {
        empty: false,
        current: facts.next,
        next: undefined,
        previousUntil: Math.max(facts.leaf?.to ?? 0, now + L.overlap),
        leaf: leaf(facts.next),
      };
  }
}

const EMPTY: Facts = {
  empty: true,
  current: undefined,
  next: undefined,
  previousUntil: undefined,
  leaf: undefined,
};
const FRESH = apply(EMPTY, 'found', T0);

function at(days: number, facts: Facts, publication: Publication = SHOWN, renewAt = 2 / 3): Step {
  const now = T0 + days * DAY;
  // As factsOf: a serving certificate that is not valid now is none.
  const leaf = facts.leaf && facts.leaf.from <= now && now <= facts.leaf.to ? facts.leaf : undefined;
  return nextStep({ ...facts, leaf }, { now, publication, lifetimes: L, renewAt });
}

const leafOf = (days: number, to = days + 14) => ({
  from: T0 + days * DAY,
  to: T0 + to * DAY,
  hasNames: true,
});
const nextOf = (days: number, since: number | undefined) => ({
  from: T0 + days * DAY,
  to: T0 + (days + 90) * DAY,
  signs: true,
  publishedSince: since,
});

describe('what is due', () => {
  const minutesAgo = (minutes: number) => T0 + 61 * DAY - minutes * MINUTE;
  const waiting: Facts = { ...FRESH, leaf: leafOf(60), next: nextOf(60, minutesAgo(6)) };
  const rows: [name: string, step: Step, days: number, facts: Facts, publication?: Publication][] = [
    ['nothing is stored', 'found', 0, EMPTY],
    ['what is stored is no use', 'found-again', 0, { ...EMPTY, empty: false }],
    ['all is new', 'keep', 1, FRESH],
    ['a third of the serving certificate is left', 'sign', 9.4, FRESH],
    ['just more than a third is left', 'keep', 9.3, FRESH],
    ['the serving certificate has ended', 'sign', 20, FRESH],
    ['a name is missing', 'sign-more-names', 1, { ...FRESH, leaf: { ...leafOf(0), hasNames: false } }],
    ['the authority is due', 'prepare', 60.1, { ...FRESH, leaf: leafOf(60) }],
    [
      'the key of the authority is gone',
      'prepare',
      1,
      { ...FRESH, current: { from: T0, to: T0 + 90 * DAY, signs: false } },
    ],
    ['the next is shown', 'published', 61, { ...waiting, next: nextOf(60, undefined) }],
    ['it is unknown whether it is served', 'keep', 61, waiting, { kind: 'unknown' }],
    [
      'it is not shown yet',
      'keep',
      61,
      { ...waiting, next: nextOf(60, undefined) },
      { kind: 'not-shown', ageMs: 0 },
    ],
    ['it is shown no longer', 'unpublished', 61, waiting, { kind: 'not-shown', ageMs: 0 }],
    [
      'it was not served before that was recorded',
      'keep',
      61,
      waiting,
      { kind: 'not-shown', ageMs: 7 * MINUTE },
    ],
    ['it has been shown long enough', 'switch', 61, waiting],
    ['not long enough', 'keep', 61, { ...waiting, next: nextOf(60, minutesAgo(4.9)) }],
    [
      'long enough by another clock, but not before our eyes',
      'keep',
      61,
      { ...waiting, next: nextOf(60, minutesAgo(60)) },
      { kind: 'shown', forMs: 1000 },
    ],
    [
      'it was written down by a clock far ahead',
      'published',
      61,
      { ...waiting, next: nextOf(60, minutesAgo(-60)) },
    ],
    ['the one before is still there', 'keep', 61, { ...waiting, previousUntil: T0 + 62 * DAY }],
    ['the one before has had its time', 'retire', 61, { ...waiting, previousUntil: T0 + 61 * DAY }],
    [
      'nothing can be served, and the next is there',
      'switch-at-once',
      61,
      { ...waiting, leaf: undefined, current: { from: T0, to: T0 + 90 * DAY, signs: false } },
      { kind: 'not-shown', ageMs: 0 },
    ],
    ['all was asleep for so long that the authority has ended', 'found-again', 120, { ...FRESH }],
    [
      // A leaf signed now would end no later.
      'the serving certificate is due, and cut to what its authority has left',
      'prepare',
      88.5,
      { ...FRESH, leaf: leafOf(80, 89) },
    ],
    [
      'the same with a next one that may be unseen by all clients',
      'keep',
      88.5,
      { ...FRESH, leaf: leafOf(80, 89), next: nextOf(60, undefined) },
      { kind: 'unknown' },
    ],
    [
      'the next has lost its key',
      'prepare',
      61,
      { ...waiting, next: { ...nextOf(60, minutesAgo(6)), signs: false } },
    ],
  ];
  it.each(rows)('when %s: %s', (_name, step, days, facts, publication) => {
    expect(at(days, facts, publication)).toBe(step);
  });

  it('is spread over the replicas, by a twentieth at most', () => {
    const points = ['a', 'calico-admission-6d8f-x7k2p', 'calico-admission-6d8f-q9zzt', ''].map(renewalPoint);
    for (const point of points) expect(Math.abs(point - 2 / 3)).toBeLessThan(0.0501);
    expect(new Set(points).size).toBe(points.length);
  });
});

describe('whatever happens', () => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant('wait'), ms: fc.integer({ min: 0, max: 5 * DAY }) }),
    fc.record({ kind: fc.constant('wait'), ms: fc.integer({ min: 0, max: 10 * MINUTE }) }),
    fc.record({ kind: fc.constant('jump'), ms: fc.integer({ min: -30 * MINUTE, max: 120 * DAY }) }),
    fc.record({
      kind: fc.constantFrom('shown', 'not-shown', 'unknown', 'no-key', 'no-next-key', 'no-leaf', 'wiped'),
      ms: fc.constant(0),
    }),
  );

  it('there is always a valid certificate, by an authority that API servers know if possible', () => {
    const seen = new Set<Step>();
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.string(), (events, replica) => {
        let now = T0;
        let facts = EMPTY;
        let publication: Publication['kind'] = 'unknown';
        let since = 0;
        for (const { kind, ms } of events) {
          now += ms;
          if (kind === 'shown' || kind === 'not-shown' || kind === 'unknown') {
            if (publication !== kind) since = now;
            publication = kind;
          }
          if (kind === 'no-key' && facts.current)
            facts = { ...facts, current: { ...facts.current, signs: false } };
          if (kind === 'no-next-key' && facts.next)
            facts = { ...facts, next: { ...facts.next, signs: false } };
          if (kind === 'no-leaf') facts = { ...facts, leaf: undefined };
          if (kind === 'wiped') facts = EMPTY;

          let steps = 0;
          for (;;) {
            const usable = facts.leaf && facts.leaf.from - HOUR <= now && now <= facts.leaf.to;
            facts = { ...facts, leaf: usable ? facts.leaf : undefined };
            const shown: Publication =
              publication === 'shown'
                ? { kind: 'shown', forMs: now - since }
                : { kind: publication, ageMs: 0 };
            const step = nextStep(facts, {
              now,
              publication: shown,
              lifetimes: L,
              renewAt: renewalPoint(replica),
            });
            seen.add(step);
            if (isEmergency(step)) expect((facts.leaf?.to ?? now) - now).toBeLessThan(L.serving / 100);
            if (step === 'switch') {
              expect(publication).toBe('shown');
              expect(now - since).toBeGreaterThanOrEqual(L.propagation / 10);
              expect(facts.previousUntil).toBeUndefined();
            }
            if (step === 'keep') break;
            facts = apply(facts, step, now);
            // No client has seen a new one.
            if (step === 'prepare') {
              publication = publication === 'shown' ? 'not-shown' : publication;
              since = now;
            }
            steps += 1;
            expect(steps).toBeLessThan(8);
          }
          expect(facts.leaf?.to).toBeGreaterThan(now);
          expect(facts.leaf?.to).toBeLessThanOrEqual((facts.current?.to ?? 0) - L.margin);
        }
      }),
      { numRuns: 2000 },
    );
    // It must have been everywhere, or it has shown little; unpublished comes too seldom to be counted on.
    const all: Step[] = [
      'found',
      'found-again',
      'sign',
      'prepare',
      'published',
      'switch',
      'switch-at-once',
      'retire',
    ];
    expect([...seen]).toEqual(expect.arrayContaining(all));
  });

  it('nothing is ever urgent if the state is read once an hour', () => {
    for (const replica of ['a', 'b', 'c']) {
      let facts = FRESH;
      let shownSince = Number.POSITIVE_INFINITY;
      const taken: Step[] = [];
      let least = Number.POSITIVE_INFINITY;
      for (let now = T0; now < T0 + 3 * 365 * DAY; now += HOUR) {
        for (let steps = 0; ; steps += 1) {
          const publication: Publication =
            now >= shownSince ? { kind: 'shown', forMs: now - shownSince } : { kind: 'not-shown', ageMs: 0 };
          const step = nextStep(facts, { now, publication, lifetimes: L, renewAt: renewalPoint(replica) });
          if (step === 'keep') break;
          taken.push(step);
          facts = apply(facts, step, now);
          if (step === 'prepare') shownSince = now + HOUR;
          if (steps > 3) throw new Error(`too many steps: ${taken.slice(-5).join()}`);
        }
        least = Math.min(least, (facts.leaf?.to ?? 0) - now);
      }
      expect(least).toBeGreaterThan(4 * DAY);
      expect(taken.some(isEmergency)).toBe(false);
      // A leaf lives two thirds of 14 days, an authority two thirds of 90.
      expect(taken.filter((step) => step === 'switch').length).toBeGreaterThanOrEqual(16);
      expect(taken.filter((step) => step === 'sign').length).toBeGreaterThanOrEqual(95);
      expect(taken.filter((step) => step === 'retire').length).toBeGreaterThanOrEqual(16);
    }
  });
});
