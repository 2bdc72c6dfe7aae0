import { beforeEach, describe, expect, it } from 'vitest';
import { OLD_UNREAD } from '../../src/admission/answer.ts';
import { decide } from '../../src/admission/decide.ts';
import { createReviewReader, type ReadReview } from '../../src/admission/read.ts';
import { MAX_CONFIG_BYTES } from '../../src/admission/select-text.ts';
import { UnreadableReviewError } from '../../src/admission/unreadable.ts';
import type { Registry } from '../../src/policy/registry.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { loadRegistry } from '../../src/registry.ts';

// Limits are for the new object: what was stored before the webhooks came must stay open to updates.

// Made for each test: what a mistake in making it breaks is then seen by one.
let registry: Registry;
let readReview: ReadReview;
beforeEach(() => {
  registry = loadRegistry();
  readReview = createReviewReader(registry);
});

/** Short ones: the values count, and few bytes keep this quick. */
function ownerReferences(count: number): number[] {
  return new Array<number>(count).fill(0);
}

function shoot(metadata: object, providerConfig: object = {}, more: object = {}): object {
  return {
    apiVersion: 'core.gardener.cloud/v1beta1',
    kind: 'Shoot',
    metadata: { name: 'big', namespace: 'garden', ...metadata },
    spec: { provider: { type: 'aws' }, networking: { type: 'calico', providerConfig }, ...more },
  };
}

function answerTo(
  object: object,
  oldObject: object | undefined,
  purpose: 'validate' | 'mutate' = 'validate',
) {
  const operation = oldObject === undefined ? 'CREATE' : 'UPDATE';
  const review = { request: { uid: 'u', operation, object, oldObject } };
  const decision = decide(
    readReview(Buffer.from(JSON.stringify(review))),
    { purpose },
    { registry, settings: DEFAULT_SETTINGS, checkpoint: () => {} },
  );
  return decision.answer.response;
}

const WRONG = { backend: 'Bird' };

describe('an object with 76,000 values that nothing reads', () => {
  const many = { ownerReferences: ownerReferences(76_000) };

  it('can be updated, and is evaluated without the old one, with a warning', () => {
    expect(answerTo(shoot(many, {}, { region: 'b' }), shoot(many))).toMatchObject({ allowed: true });
    const rejected = answerTo(shoot(many, WRONG, { region: 'b' }), shoot(many, WRONG));
    expect(rejected.allowed).toBe(false);
    expect(rejected.warnings).toContain(OLD_UNREAD);
  });

  it.each(['validate', 'mutate'] as const)('passes %s while its spec is the same', (purpose) => {
    const object = shoot({ ...many, finalizers: [] }, WRONG);
    expect(answerTo(object, shoot(many, WRONG), purpose)).toEqual({ uid: 'u', allowed: true });
  });

  it('can be deleted', () => {
    const object = shoot(
      { ownerReferences: ownerReferences(160_000), deletionTimestamp: '2026-11-28T10:00:00Z' },
      WRONG,
    );
    expect(answerTo(object, shoot(many, {}))).toEqual({ uid: 'u', allowed: true });
  });

  it('passes with the same spec also where it alone is too large, and not with another one', () => {
    const tooMany = { ownerReferences: ownerReferences(160_000) };
    expect(answerTo(shoot(tooMany), shoot(tooMany)).allowed).toBe(true);
    const change = () => answerTo(shoot(tooMany, {}, { region: 'b' }), shoot(tooMany));
    expect(change).toThrow(UnreadableReviewError);
    expect(() => answerTo(shoot({ ...tooMany, deletionTimestamp: null }), undefined)).toThrow(
      UnreadableReviewError,
    );
  });
});

describe('an old providerConfig that is too large', () => {
  const large = { ...WRONG, more: 'x'.repeat(MAX_CONFIG_BYTES) };

  it('excuses nothing in the new one', () => {
    const response = answerTo(shoot({}, WRONG), shoot({}, large));
    expect(response.allowed).toBe(false);
    expect(response.warnings).toContain(OLD_UNREAD);
  });

  it('does not stop an update that makes it good, or leaves it', () => {
    expect(answerTo(shoot({}, { backend: 'bird' }), shoot({}, large)).allowed).toBe(true);
    expect(answerTo(shoot({ labels: { a: 'b' } }, large), shoot({}, large))).toEqual({
      uid: 'u',
      allowed: true,
    });
  });

  it('is rejected where it is new', () => {
    expect(() => answerTo(shoot({}, large), shoot({}, {}))).toThrow(UnreadableReviewError);
  });
});
