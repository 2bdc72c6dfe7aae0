import { describe, expect, it } from 'vitest';
import { UnreadableReviewError } from '../../src/admission/unreadable.ts';
import { isMap, read } from '../../src/policy/json.ts';
import { answerOf, fast, plain } from '../support/plain-reading.ts';
import { createRandom, pick } from '../support/random.ts';
import { toReview } from '../support/review.ts';
import { writeOddly } from '../support/written-reviews.ts';

// An update that leaves a Shoot's spec as it was is answered without its spec being parsed. A client must see no difference
// except in the time that it takes: the answers are compared with those of the same registry without that knowledge.

/** Whether the objects of a body were left unparsed. */
function isShort(body: Buffer): boolean {
  return fast.readReview(body).isPassedUnread;
}

const WRONG = {
  kubernetes: { kubeProxy: { enabled: false } },
  provider: { type: 'azure', workers: [{ name: 'a', minimum: 1 }] },
  networking: { type: 'calico', providerConfig: { backend: 'bird', autoScaling: { mode: 'vpa' } } },
};
const METADATA = { name: 'n', namespace: 'garden-dev', labels: { a: 'b' }, annotations: { c: 'd' } };

function shoot(spec: unknown, more: object = {}): object {
  return { apiVersion: 'core.gardener.cloud/v1beta1', kind: 'Shoot', metadata: METADATA, spec, ...more };
}

function update(object: unknown, oldObject: unknown, request: object = {}): Buffer {
  const kind = { group: 'core.gardener.cloud', version: 'v1beta1', kind: 'Shoot' };
  const review = toReview({ kind, operation: 'UPDATE', object, oldObject, ...request });
  return Buffer.from(JSON.stringify(review));
}

describe('an update with the same spec', () => {
  it('of a Shoot passes both webhooks, and its spec is not parsed', () => {
    const body = update(shoot(WRONG, { status: { a: 1 } }), shoot(WRONG));
    expect(isShort(body)).toBe(true);
    for (const path of ['/validate', '/mutate']) {
      expect(answerOf(fast, body, path)).toMatchObject({ response: { allowed: true } });
      expect(answerOf(fast, body, path)).toEqual(answerOf(plain, body, path));
    }
    expect(fast.readReview(body)).toMatchObject({ name: 'n', namespace: 'garden-dev', kind: 'Shoot' });
  });

  it('of a Network is mutated all the same', () => {
    const network = {
      apiVersion: 'extensions.gardener.cloud/v1alpha1',
      kind: 'Network',
      spec: { type: 'calico', providerConfig: { backend: 'bird' } },
    };
    const kind = { group: 'extensions.gardener.cloud', version: 'v1alpha1', kind: 'Network' };
    const body = update(network, network, { kind });
    expect(isShort(body)).toBe(false);
    expect(answerOf(fast, body, '/mutate/azure')).toMatchObject({ response: { patchType: 'JSONPatch' } });
  });

  it('of another kind is read as a whole, with its metadata', () => {
    const policy = (labels: object) => ({
      apiVersion: 'crd.projectcalico.org/v1',
      kind: 'GlobalNetworkPolicy',
      metadata: { name: 'default.one', labels },
      spec: { selector: 'all()' },
    });
    const kind = { group: 'crd.projectcalico.org', version: 'v1', kind: 'GlobalNetworkPolicy' };
    const body = update(policy({ 'not a key!': 'x' }), policy({}), { kind });
    expect(isShort(body)).toBe(false);
    expect(read(fast.readReview(body).object, 'metadata', 'labels')).toEqual({ 'not a key!': 'x' });
    expect(answerOf(fast, body, '/validate')).toEqual(answerOf(plain, body, '/validate'));
  });

  it('of a Shoot that is known only by its looks is read', () => {
    const looks = { spec: WRONG };
    const body = Buffer.from(JSON.stringify({ request: { uid: '1', object: looks, oldObject: looks } }));
    expect(isShort(body)).toBe(false);
    expect(answerOf(fast, body, '/validate')).toMatchObject({ response: { allowed: true } });
  });
});

describe('what only looks like an update with the same spec', () => {
  const text = update(shoot(WRONG), shoot(WRONG)).toString();
  const spec = JSON.stringify(WRONG);
  const old = text.lastIndexOf(spec);

  it.each([
    {
      name: 'a new object with an old one',
      body: update(shoot(WRONG), shoot(WRONG), { operation: 'CREATE' }),
    },
    { name: 'one without an old object', body: update(shoot(WRONG), null) },
    { name: 'one with a list for its old object', body: update(shoot(WRONG), [shoot(WRONG)]) },
    {
      name: 'one with the old spec in a place of its own',
      body: update(shoot(WRONG), { status: { spec: WRONG } }),
    },
    { name: 'one with the old spec in metadata', body: update(shoot(WRONG), { metadata: { spec: WRONG } }) },
    {
      name: 'one with the old object beside the request',
      body: Buffer.from(
        `${update(shoot(WRONG), undefined).toString().slice(0, -1)},"oldObject":${JSON.stringify(shoot(WRONG))}}`,
      ),
    },
  ])('is evaluated: $name', ({ body }) => {
    expect(isShort(body)).toBe(false);
    expect(answerOf(fast, body, '/validate')).toMatchObject({ response: { allowed: false } });
    expect(answerOf(plain, body, '/validate')).toEqual(answerOf(fast, body, '/validate'));
  });

  it('is evaluated with another spec', () => {
    const body = update(shoot(WRONG), shoot({ ...WRONG, region: 'b' }));
    expect(answerOf(fast, body, '/validate')).toMatchObject({
      response: { allowed: true, warnings: expect.arrayContaining([expect.stringContaining('kubeProxy')]) },
    });
    expect(answerOf(fast, body, '/mutate')).toMatchObject({ response: { patchType: 'JSONPatch' } });
  });

  it.each([
    { name: 'a second spec', add: ',"spec":{}' },
    { name: 'a second spec with an escape', add: ',"sp\\u0065c":{}' },
    { name: 'a second spec before it', add: ',"spec":null' },
  ])('is rejected: $name', ({ add }) => {
    for (const at of [text.indexOf(spec) + spec.length, old + spec.length]) {
      const body = Buffer.from(`${text.slice(0, at)}${add}${text.slice(at)}`);
      expect(answerOf(fast, body, '/validate')).toContain('spec is written more than once');
    }
  });

  it.each(['{"a":1', '{"a":[}', '{"a":"}', '{"a":1}}', '{"a":1}]', '"{}"', '[{}]', 'null', '7', '{]'])(
    'is no JSON, or read as a whole, with a spec of %s',
    (broken) => {
      const body = Buffer.from(text.replaceAll(spec, broken));
      expect(answerOf(fast, body, '/validate')).toEqual(answerOf(plain, body, '/validate'));
    },
  );

  it('may have in its spec what is no JSON: no API server sends it, and nothing depends on it', () => {
    const body = Buffer.from(text.replaceAll(spec, '{oops}'));
    expect(answerOf(fast, body, '/validate')).toMatchObject({ response: { allowed: true } });
  });
});

describe('bodies of unusual form', () => {
  it('get the same answer as where everything is parsed', () => {
    const random = createRandom(2128);
    const spaces = { ...WRONG, networking: { ...WRONG.networking, providerConfig: { backend: 'none' } } };
    const specs = [WRONG, spaces, {}, null, { provider: { workers: [] } }];
    const ends = [{}, { status: { seedName: 'a', lastOperation: { type: 'Migrate' } } }, { metadata: null }];
    const mark = { metadata: { ...METADATA, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    let short = 0;
    for (let turn = 0; turn < 2000; turn += 1) {
      const before = pick(specs, random);
      const after = random() < 0.9 ? before : pick(specs, random);
      const review = JSON.parse(
        update(shoot(after, pick([...ends, mark], random)), shoot(before, pick(ends, random))).toString(),
      );
      // What is changed in one of them only is no longer the same.
      const body = writeOddly(random() < 0.5 ? twin(review, random) : review, random);
      const path = pick(['/validate', '/mutate'], random);
      expect(answerOf(fast, body, path), `${path} ${body.toString('latin1')}`).toEqual(
        answerOf(plain, body, path),
      );
      try {
        if (isShort(body)) short += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableReviewError);
      }
    }
    expect(short).toBeGreaterThan(300);
  });
});

/** Both specs changed in the same way. */
function twin(review: { request: { object: object; oldObject: object } }, random: () => number): object {
  const { object, oldObject } = review.request;
  const spec = read(object, 'spec');
  if (!isMap(spec)) return review;
  const changed = {
    ...spec,
    [pick(['seedName', 'Spec', 'x', 'metadata'], random)]: pick(['y', null, {}], random),
  };
  return {
    ...review,
    request: {
      ...review.request,
      object: { ...object, spec: changed },
      oldObject: { ...oldObject, spec: changed },
    },
  };
}
