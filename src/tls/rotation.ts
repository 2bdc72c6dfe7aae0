// When a self-managed certificate and its authority change, decided from facts alone: no key, no clock, no I/O.
//
// An authority changes in three phases, so that no API server ever meets a leaf that it cannot verify:
//   prepare  the next authority is stored, and goes into every caBundle beside the current one;
//   switch   once every caBundle has shown it for a while, it signs the leaf and becomes the current one;
//   retire   the old one stays in the caBundles until its last leaf has ended.

import { createHash } from 'node:crypto';

/** All in milliseconds. */
export interface Lifetimes {
  readonly authority: number;
  readonly serving: number;
  /** A leaf ends at least so long before its authority. */
  readonly margin: number;
  /** How long every caBundle must have shown an authority before it signs what is served. */
  readonly propagation: number;
  /** How long at least an old authority stays in the caBundles. */
  readonly overlap: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const DEFAULT_LIFETIMES: Lifetimes = {
  authority: 90 * DAY,
  serving: 14 * DAY,
  margin: DAY,
  propagation: 300_000,
  overlap: DAY,
};

/** When a certificate was made (not what it is backdated to) and when it ends, in milliseconds since 1970. */
export interface Life {
  readonly from: number;
  readonly to: number;
}

/** `signs`: its key is there and fits. */
export type AuthorityFacts = Life & { readonly signs: boolean };

/** What is stored, as far as it is sound: a part that cannot be read is as good as missing. */
export interface Facts {
  /** Nothing is stored at all. */
  readonly empty: boolean;
  readonly current: AuthorityFacts | undefined;
  /** `publishedSince`: since when every caBundle has shown it, as far as anybody has written down. */
  readonly next: (AuthorityFacts & { readonly publishedSince: number | undefined }) | undefined;
  /** Until when the old authority stays. */
  readonly previousUntil: number | undefined;
  /** The leaf, if its key fits, the current authority signed it, and it is valid now. */
  readonly leaf: (Life & { readonly hasNames: boolean }) | undefined;
}

/**
 * Whether the caBundles of all webhook configurations that exist hold the next authority, and for how many
 * milliseconds this process has seen it so. Where none exists nobody calls, and nobody can be left behind.
 */
export type Publication =
  | { readonly kind: 'unknown' }
  /** `ageMs`: how long ago that was seen. */
  | { readonly kind: 'not-shown'; readonly ageMs: number }
  | { readonly kind: 'shown'; readonly forMs: number };

export type Step =
  /** Nothing to do. */
  | 'keep'
  /** A new authority and leaf where nothing was stored. */
  | 'found'
  /** The same where something was, and nothing of it can be served: API servers have to follow. */
  | 'found-again'
  /** A new leaf by the current authority. */
  | 'sign'
  /** As sign, but with the old leaf's names beside ours: other replicas may want those. */
  | 'sign-more-names'
  | 'prepare'
  /** Every caBundle shows the next authority: write down since when. */
  | 'published'
  /** One of them does so no longer: the wait begins anew. */
  | 'unpublished'
  | 'switch'
  /** As switch, without the wait: nothing else could be served. */
  | 'switch-at-once'
  | 'retire';

export interface Circumstances {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly publication: Publication;
  readonly lifetimes: Lifetimes;
  /** Part of its life after which a certificate is renewed, about two thirds. */
  readonly renewAt: number;
}

/** The steps that API servers may not have been prepared for: worth a warning. */
export function isEmergency(step: Step): boolean {
  return step === 'found-again' || step === 'switch-at-once';
}

/** What to do next. Each step is written before the next one is asked for, so that a kill between two does no harm. */
export function nextStep(facts: Facts, circumstances: Circumstances): Step {
  const { now, lifetimes, renewAt } = circumstances;
  const { current, next, leaf } = facts;
  const canSign = (authority: AuthorityFacts | undefined): authority is AuthorityFacts =>
    authority?.signs === true && leafEnd(authority, now, lifetimes) - now > lifetimes.serving / 100;

  // Not to the last moment: a client whose clock is ahead would have refused it by then.
  if (leaf === undefined || leaf.to - now < lifetimes.serving / 100) {
    if (canSign(current)) return 'sign';
    if (canSign(next)) return 'switch-at-once';
    return facts.empty ? 'found' : 'found-again';
  }
  if (facts.previousUntil !== undefined && now >= facts.previousUntil) return 'retire';
  if (canSign(current)) {
    if (!leaf.hasNames) return 'sign-more-names';
    // One by an authority that ends soon would end no later than the one that is there.
    const gain = leafEnd(current, now, lifetimes) - leaf.to;
    if (isDue(leaf, now, renewAt) && gain > lifetimes.serving / 10) return 'sign';
  }
  if (!canSign(next)) {
    return !canSign(current) || isDue(current, now, renewAt) ? 'prepare' : 'keep';
  }
  return awaitPublication(next, facts, circumstances);
}

function awaitPublication(
  next: NonNullable<Facts['next']>,
  facts: Facts,
  { now, publication, lifetimes }: Circumstances,
): Step {
  if (publication.kind === 'unknown') return 'keep';
  if (publication.kind === 'not-shown') {
    // What was seen before another replica wrote down that it is shown is no news.
    const isNews = next.publishedSince !== undefined && now - publication.ageMs > next.publishedSince;
    return isNews ? 'unpublished' : 'keep';
  }
  if (next.publishedSince === undefined) return 'published';
  // Another replica's clock wrote it down. One that is far ahead would make us wait for days; and one that is behind
  // must not cut the wait short, so a part of it has to pass before our own eyes.
  if (next.publishedSince - now > lifetimes.propagation) return 'published';
  const isWaitOver =
    now - next.publishedSince >= lifetimes.propagation && publication.forMs >= lifetimes.propagation / 10;
  // Three authorities at most are in a caBundle, so the old one goes first.
  return isWaitOver && facts.previousUntil === undefined ? 'switch' : 'keep';
}

/** When a leaf that is signed now would end. */
export function leafEnd(authority: Life, now: number, lifetimes: Lifetimes): number {
  return Math.min(now + lifetimes.serving, authority.to - lifetimes.margin);
}

function isDue(life: Life, now: number, renewAt: number): boolean {
  return now >= life.from + (life.to - life.from) * renewAt;
}

/** Two thirds, give or take a twentieth by the name of the replica, so that not all of them write at once. */
export function renewalPoint(replica: string): number {
  const hash = createHash('sha256').update(replica).digest().readUInt32BE(0) / 2 ** 32;
  return 2 / 3 + (hash - 0.5) * 0.1;
}
