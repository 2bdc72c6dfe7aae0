import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { shootMutations } from '../../src/mutations/index.ts';
import type { FieldPath } from '../../src/policy/field-path.ts';
import { isMap, type JsonObject, read } from '../../src/policy/json.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import type { Docs } from '../../src/policy/types.ts';
import { shootRules } from '../../src/rules/shoot/index.ts';
import { createShootSamples } from '../../src/targets/shoot-samples.ts';
import { UNREAD_OF_SHOOTS } from '../../src/targets/shoot-unread.ts';
import { answerOf, fast, plain } from '../support/plain-reading.ts';
import { createRandom, pick } from '../support/random.ts';
import { registry } from '../support/registry.ts';
import { toReview } from '../support/review.ts';
import { writeOddly } from '../support/written-reviews.ts';

// Only the parts of a Shoot that rules and mutations read are parsed.

const KIND = { group: 'core.gardener.cloud', version: 'v1beta1', kind: 'Shoot' };
const POLICY = registry.policies.find(({ target }) => target.kind === 'Shoot');

/** The examples of all rules and mutations, and the samples. Each has a worker, which has most of the unread fields. */
const SHOOTS: readonly JsonObject[] = [
  ...[...shootRules, ...shootMutations].flatMap(({ docs }) => examplesOf(docs)),
  ...createShootSamples(),
].map(withWorker);

function examplesOf({ good, bad, old }: Docs): JsonObject[] {
  return [good, bad, ...(old === undefined ? [] : [old])]
    .map((text): unknown => parse(text, { uniqueKeys: false }))
    .filter(isMap);
}

function withWorker(shoot: JsonObject): JsonObject {
  const spec = read(shoot, 'spec');
  const provider = read(spec, 'provider');
  if (!isMap(spec) || read(provider, 'workers') !== undefined) return shoot;
  const workers = [{ name: 'a', maximum: 3 }, { name: 'b' }];
  return { ...shoot, spec: { ...spec, provider: { ...Object(provider), workers } } };
}

/** Puts a value at every unread path whose map exists. */
function fill(shoot: JsonObject, put: (map: JsonObject, name: string) => void): JsonObject {
  const filled = structuredClone({ metadata: {}, status: {}, ...shoot });
  for (const path of UNREAD_OF_SHOOTS) {
    for (const map of mapsAt(filled, path.slice(0, -1))) put(map, String(path.at(-1)));
  }
  return filled;
}

function mapsAt(value: unknown, [first, ...rest]: FieldPath): JsonObject[] {
  if (first === undefined) return isMap(value) ? [value] : [];
  if (first === '*') return Array.isArray(value) ? value.flatMap((item) => mapsAt(item, rest)) : [];
  return mapsAt(read(value, first), rest);
}

function bodyOf(operation: string, object: unknown, oldObject?: unknown): Buffer {
  const userInfo = { username: 'somebody', groups: ['system:authenticated'] };
  return Buffer.from(JSON.stringify(toReview({ kind: KIND, operation, userInfo, object, oldObject })));
}

const VALUES = [1, 'a "}', [{ enabled: false }], { type: 'calico', backend: 'bird' }, 'ü', null];

describe('what is not read of a Shoot', () => {
  it('is read by no rule and by no mutation', () => {
    const context = { settings: DEFAULT_SETTINGS, namespace: 'garden-dev', checkpoint: () => {} };
    const fail = (): never => {
      throw new Error('what is not read was read');
    };
    const value = new Proxy({}, { get: fail, has: fail, ownKeys: fail, getOwnPropertyDescriptor: fail });
    const trap = (map: JsonObject, name: string) => void Object.assign(map, { [name]: value });
    for (const shoot of SHOOTS) {
      const object = fill(shoot, trap);
      const request = { object, pathProvider: undefined, duplicates: () => [] };
      for (const old of [undefined, fill({ ...shoot, spec: {} }, trap)]) {
        const operation = old === undefined ? 'CREATE' : 'UPDATE';
        for (const evaluate of ['validate', 'mutate'] as const) {
          expect(() => POLICY?.[evaluate]({ ...request, operation, old }, context)).not.toThrow();
        }
      }
    }
  });

  it('is not parsed', () => {
    for (const shoot of SHOOTS) {
      const filled = fill(shoot, (map, name) => void Object.assign(map, { [name]: { unreadMark: 1 } }));
      const { object } = fast.readReview(bodyOf('CREATE', filled));
      expect(JSON.stringify(object)).not.toContain('unreadMark');
      expect(JSON.stringify(plain.readReview(bodyOf('CREATE', filled)).object)).toContain('unreadMark');
    }
  });

  it.each(['/validate', '/mutate', '/mutate/azure'])('changes no answer of %s', (path) => {
    const random = createRandom(4711);
    const any = (map: JsonObject, name: string) => void Object.assign(map, { [name]: pick(VALUES, random) });
    let found = 0;
    for (const shoot of SHOOTS) {
      for (const other of [shoot, pick(SHOOTS, random)]) {
        // The same spec, one that differs only in unread fields, and another one.
        const before = fill(other, any);
        const after = random() < 0.3 ? { ...before, status: {} } : fill(shoot, any);
        for (const body of [bodyOf('CREATE', after), bodyOf('UPDATE', after, before)]) {
          const answer = answerOf(fast, body, path);
          expect(answer).toEqual(answerOf(plain, body, path));
          if (typeof answer === 'object' && Object.keys(answer.response).length > 2) found += 1;
          const odd = writeOddly(JSON.parse(body.toString()), random);
          const oddAnswer = answerOf(plain, odd, path);
          // Invalid JSON in an unread value is not found.
          if (typeof oddAnswer === 'object') expect(answerOf(fast, odd, path)).toEqual(oddAnswer);
        }
      }
    }
    expect(found).toBeGreaterThan(20);
  });

  it('makes an update of a Shoot with old mistakes one that changes the spec', () => {
    const object = {
      kind: 'Shoot',
      spec: { networking: { type: 'calico', providerConfig: { backend: 'x' } } },
    };
    const withMachine = (type: string) =>
      withWorker({
        ...object,
        spec: { ...object.spec, provider: { workers: [{ name: 'a', machine: { type } }] } },
      });
    const body = bodyOf('UPDATE', withMachine('large'), withMachine('small'));
    expect(answerOf(fast, body, '/validate')).toMatchObject({ response: { warnings: [expect.any(String)] } });
  });

  it('is parsed where the kind is not named in the request', () => {
    const [shoot = {}] = SHOOTS;
    const filled = fill(shoot, (map, name) => void Object.assign(map, { [name]: { unreadMark: 1 } }));
    const body = Buffer.from(JSON.stringify({ request: { uid: '1', object: filled } }));
    expect(JSON.stringify(fast.readReview(body).object)).toContain('unreadMark');
  });
});
