// Decides when a self-managed certificate and its certificate authority (CA) change. It works on facts alone: no key,
// no clock, no I/O.
//
// A CA changes in three phases, so that no API server ever receives a certificate that it cannot verify:
//   prepare  the next CA is stored, and is added to every caBundle beside the current one;
//   switch   once every caBundle has had it for a while, it signs the serving certificate and becomes the current one;
//   retire   the old CA stays in the caBundles until the last certificate that it signed has expired.

import { createHash } from 'node:crypto';
import type { Lifetimes } from './lifetimes.ts';

/** When a certificate was made (not its backdated start) and when it expires, in milliseconds since 1970. */
export interface Life {
  readonly from: number;
  readonly to: number;
}

/** `signs`: its key exists and fits. */
export type AuthorityFacts = Life & { readonly signs: boolean };

/** The stored certificates, as far as they are valid. A part that cannot be read counts as missing. */
export interface Facts {
  /** Nothing is stored. */
  readonly empty: boolean;
  readonly current: AuthorityFacts | undefined;
  /** `publishedSince`: since when every caBundle has it, as the Secret says. */
  readonly next: (AuthorityFacts & { readonly publishedSince: number | undefined }) | undefined;
  /** Until when the old certificate authority stays. */
  readonly previousUntil: number | undefined;
  /** The serving certificate, if its key fits, the current certificate authority signed it, and it is valid now. */
  readonly leaf: (Life & { readonly hasNames: boolean }) | undefined;
}

/**
 * Whether the caBundles of all existing webhook configurations have the next certificate authority, and for how many
 * milliseconds this process has seen it. Where no configuration exists, no API server calls.
 */
export type Publication =
  | { readonly kind: 'unknown' }
  /** `ageMs`: how long ago that was seen. */
  | { readonly kind: 'not-shown'; readonly ageMs: number }
  | { readonly kind: 'shown'; readonly forMs: number };

export type Step =
  /** Nothing to do. */
  | 'keep'
  /** Makes a certificate authority and a certificate where nothing is stored. */
  | 'found'
  /**
   * The same where the stored certificates cannot be served: API servers have to learn the new certificate authority.
   */
  | 'found-again'
  /** A new certificate by the current certificate authority. */
  | 'sign'
  /** As sign, with the names of the old certificate and ours: other replicas may need those. */
  | 'sign-more-names'
  | 'prepare'
  /** Every caBundle has the next certificate authority: stores since when. */
  | 'published'
  /** A caBundle no longer has it: the wait begins again. */
  | 'unpublished'
  | 'switch'
  /** As switch, without the wait: nothing else can be served. */
  | 'switch-at-once'
  | 'retire';

export interface Circumstances {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly publication: Publication;
  readonly lifetimes: Lifetimes;
  /** The part of its life after which a certificate is renewed, about two thirds. */
  readonly renewAt: number;
}

/** The steps that API servers may not be prepared for: they are logged as warnings. */
export function isEmergency(step: Step): boolean {
  return step === 'found-again' || step === 'switch-at-once';
}

/** The next step. Each step is stored before the next one, so that a kill between two steps does no harm. */
export function nextStep(facts: Facts, circumstances: Circumstances): Step {
  const { now, lifetimes, renewAt } = circumstances;
  const { current, next, leaf } = facts;
  const canSign = (authority: AuthorityFacts | undefined): authority is AuthorityFacts =>
    authority?.signs === true && leafEnd(authority, now, lifetimes) - now > lifetimes.serving / 100;

  // Not until the last moment: a client whose clock is ahead would reject it earlier.
  if (leaf === undefined || leaf.to - now < lifetimes.serving / 100) {
    if (canSign(current)) return 'sign';
    if (canSign(next)) return 'switch-at-once';
    return facts.empty ? 'found' : 'found-again';
  }
  if (facts.previousUntil !== undefined && now >= facts.previousUntil) return 'retire';
  if (canSign(current)) {
    if (!leaf.hasNames) return 'sign-more-names';
    // A certificate authority that expires soon cannot sign a certificate that is valid for longer.
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
    // A sighting from before another replica stored the time is not new.
    const isNews = next.publishedSince !== undefined && now - publication.ageMs > next.publishedSince;
    return isNews ? 'unpublished' : 'keep';
  }
  if (next.publishedSince === undefined) return 'published';
  // The clock of another replica wrote the time. A clock that is far ahead would make us wait for days; a clock that
  // is behind must not shorten the wait, so that this process must see a part of it.
  if (next.publishedSince - now > lifetimes.propagation) return 'published';
  const isWaitOver =
    now - next.publishedSince >= lifetimes.propagation && publication.forMs >= lifetimes.propagation / 10;
  // A caBundle has at most three certificate authorities, so that the old one is removed first.
  return isWaitOver && facts.previousUntil === undefined ? 'switch' : 'keep';
}

/** When a certificate that is signed now would expire. */
export function leafEnd(authority: Life, now: number, lifetimes: Lifetimes): number {
  return Math.min(now + lifetimes.serving, authority.to - lifetimes.margin);
}

function isDue(life: Life, now: number, renewAt: number): boolean {
  return now >= life.from + (life.to - life.from) * renewAt;
}

/** Two thirds, plus or minus a twentieth by the name of the replica, so that not all of them write at once. */
export function renewalPoint(replica: string): number {
  const hash = createHash('sha256').update(replica).digest().readUInt32BE(0) / 2 ** 32;
  return 2 / 3 + (hash - 0.5) * 0.1;
}
