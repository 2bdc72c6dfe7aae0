import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Decision, decide, findRoute, type Route } from '../../src/admission/decide.ts';
import { createReviewReader, type ReadReview } from '../../src/admission/read.ts';
import type { Policy } from '../../src/policy/evaluate.ts';
import { createRegistry, type Registry } from '../../src/policy/registry.ts';
import { DEFAULT_SETTINGS, type PolicySettings } from '../../src/policy/settings.ts';
import type { EvaluationRequest } from '../../src/policy/types.ts';
import { checkpointAfter, fakeMutation, fakePolicy, fakeRule, finding } from '../support/fake-policy.ts';
import { registry } from '../support/registry.ts';
import { decodePatch, expectWellFormed, patched, toReview, UID } from '../support/review.ts';

// Made for each test: what a mistake in making it breaks is then seen by one.
let readReview: ReadReview;
beforeEach(() => {
  readReview = createReviewReader(registry);
});

const FAKE = { group: 'example.org', version: 'v1', kind: 'Fake' };
const RESOURCE = { group: 'example.org', version: 'v1', resource: 'fakes' };
const gone = new Error('time is up');

const policy = fakePolicy(
  [fakeRule('fake/deny'), fakeRule('fake/warn', 'warn', () => [finding(['spec', 'other'])])],
  [fakeMutation('mend', () => [{ kind: 'set', path: ['backend'], value: 'none' }])],
);

interface Options {
  readonly registry?: Registry;
  readonly settings?: PolicySettings;
  readonly checkpoint?: () => void;
}

function ask(request: object, route: Route = { purpose: 'validate' }, options: Options = {}): Decision {
  const review = readReview(Buffer.from(JSON.stringify(toReview({ ...request }))));
  const decision = decide(review, route, {
    registry: options.registry ?? createRegistry([policy]),
    settings: DEFAULT_SETTINGS,
    checkpoint: () => {},
    ...options,
  });
  expectWellFormed(decision.answer);
  return decision;
}

/** What of a request reaches the policy. */
function requestOf(request: object, route: Route): EvaluationRequest | undefined {
  let seen: EvaluationRequest | undefined;
  const spy: Policy = fakePolicy([], [], {
    read: (subject) => {
      seen = subject;
      return undefined;
    },
  });
  ask(request, route, { registry: createRegistry([spy]) });
  return seen;
}

describe('the decision', () => {
  const object = { spec: { field: 1, config: {} } };
  it.each([
    {
      name: 'denied',
      request: { kind: FAKE, object },
      route: { purpose: 'validate' },
      verdict: 'denied',
      rules: ['fake/deny', 'fake/warn'],
    },
    {
      name: 'allowed with a warning',
      request: { kind: FAKE, object, namespace: 'exempt' },
      route: { purpose: 'validate' },
      verdict: 'allowed',
      rules: ['fake/warn', 'fake/deny'],
    },
    {
      name: 'patched',
      request: { kind: FAKE, object },
      route: { purpose: 'mutate' },
      verdict: 'patched',
      rules: [],
    },
    {
      name: 'allowed, nothing to patch',
      request: { kind: FAKE, object: { spec: { config: { backend: 'none' } } } },
      route: { purpose: 'mutate' },
      verdict: 'allowed',
      rules: [],
    },
  ] as const)('$name', ({ request, route, verdict, rules }) => {
    const exempt = [{ namespace: 'exempt', rules: ['fake/deny'] }];
    const decision = ask(request, route, { settings: { ...DEFAULT_SETTINGS, exempt } });
    expect(decision.verdict).toBe(verdict);
    expect(decision.outcome?.findings.map((each) => each.rule)).toEqual(rules);
    expect(decision.answer.response.allowed).toBe(verdict !== 'denied');
    expect(decision.answer.response.patch !== undefined).toBe(verdict === 'patched');
  });

  it('names the type as the registry does, though the review did not', () => {
    const { answer } = ask({ resource: { resource: 'fakes' }, object });
    expect(answer.response.status?.details).toMatchObject({ group: 'example.org', kind: 'Fake' });
  });

  it('patches the object that came', () => {
    const { answer } = ask({ kind: FAKE, object }, { purpose: 'mutate' });
    expect(decodePatch(answer)).toEqual([{ op: 'add', path: '/spec/config/backend', value: 'none' }]);
    const result = patched(object, answer);
    expect(ask({ kind: FAKE, object: result }, { purpose: 'mutate' }).verdict).toBe('allowed');
  });
});

describe('what is evaluated', () => {
  it.each([
    { name: 'the kind', request: { kind: FAKE }, isEvaluated: true },
    { name: 'the kind without group', request: { kind: { kind: 'Fake' } }, isEvaluated: true },
    {
      name: 'the kind of another group',
      request: { kind: { ...FAKE, group: 'example.com' } },
      isEvaluated: false,
    },
    {
      name: 'another kind',
      request: { kind: { ...FAKE, kind: 'Pod' }, resource: RESOURCE },
      isEvaluated: false,
    },
    { name: 'the resource', request: { resource: RESOURCE }, isEvaluated: true },
    {
      name: 'another resource',
      request: { resource: { ...RESOURCE, resource: 'pods' } },
      isEvaluated: false,
    },
    {
      name: 'the resource of another group',
      request: { resource: { ...RESOURCE, group: 'example.com' } },
      isEvaluated: false,
    },
    { name: "the object's own kind", request: { object: { kind: 'Fake' } }, isEvaluated: true },
    { name: 'nothing known', request: {}, isEvaluated: false },
    { name: 'a creation', request: { kind: FAKE, operation: 'CREATE' }, isEvaluated: true },
    { name: 'an update', request: { kind: FAKE, operation: 'UPDATE' }, isEvaluated: true },
    { name: 'a deletion', request: { kind: FAKE, operation: 'DELETE' }, isEvaluated: false },
    { name: 'a connection', request: { kind: FAKE, operation: 'CONNECT' }, isEvaluated: false },
    { name: 'an unknown operation', request: { kind: FAKE, operation: 'FROB' }, isEvaluated: false },
    { name: 'a subresource', request: { kind: FAKE, subResource: 'status' }, isEvaluated: false },
    { name: 'an empty subresource', request: { kind: FAKE, subResource: '' }, isEvaluated: true },
  ])('$name: $isEvaluated', ({ request, isEvaluated }) => {
    const { answer, verdict, outcome } = ask(request);
    expect(outcome !== undefined).toBe(isEvaluated);
    expect(verdict).toBe(isEvaluated ? 'denied' : 'allowed');
    if (!isEvaluated) expect(answer.response).toEqual({ uid: UID, allowed: true });
  });
});

describe('the input of the policy', () => {
  const object = { spec: { providerConfig: { a: 1 } } };
  const oldObject = { spec: 'old' };
  it.each([
    {
      name: 'a creation',
      request: { operation: 'CREATE', object },
      expected: { operation: 'CREATE', object, old: undefined },
    },
    {
      name: 'a creation with an old object',
      request: { operation: 'CREATE', object, oldObject },
      expected: { operation: 'CREATE', object, old: undefined },
    },
    {
      name: 'an update',
      request: { operation: 'UPDATE', object, oldObject },
      expected: { operation: 'UPDATE', object, old: oldObject },
    },
    {
      name: 'an update without old object',
      request: { operation: 'UPDATE', object },
      expected: { operation: 'UPDATE', object, old: undefined },
    },
    {
      name: 'an update of null',
      request: { operation: 'UPDATE', object: null, oldObject: null },
      expected: { operation: 'UPDATE', object: null, old: undefined },
    },
  ])('$name', ({ request, expected }) => {
    for (const route of [{ purpose: 'validate' }, { purpose: 'mutate', provider: 'azure' }] as const) {
      const seen = requestOf({ kind: FAKE, ...request }, route);
      expect(seen).toMatchObject(expected);
      expect(seen).toHaveProperty('old', expected.old);
      expect(seen?.pathProvider).toBe('provider' in route ? route.provider : undefined);
    }
  });

  it('the keys written twice', () => {
    const text =
      '{"request":{"uid":"x","kind":{"kind":"Fake"},"object":{"spec":{"providerConfig":{"a":1,"a":2}}}}}';
    const duplicates = vi.fn();
    const spy = fakePolicy([], [], {
      read: (subject) => {
        duplicates(subject.duplicates('object', ['spec', 'providerConfig']));
        return undefined;
      },
    });
    decide(
      readReview(Buffer.from(text)),
      { purpose: 'validate' },
      { registry: createRegistry([spy]), settings: DEFAULT_SETTINGS, checkpoint: () => {} },
    );
    expect(duplicates).toHaveBeenCalledExactlyOnceWith([['a']]);
  });
});

describe('the deadline', () => {
  it('is looked at first, even for what is not ours', () => {
    const late = { checkpoint: checkpointAfter(0, gone) };
    expect(() => ask({}, { purpose: 'validate' }, late)).toThrow(gone);
  });

  it.each(['validate', 'mutate'] as const)('is looked at while it is busy: %s', (purpose) => {
    const late = { checkpoint: checkpointAfter(1, gone) };
    expect(() => ask({ kind: FAKE, object: { spec: {} } }, { purpose }, late)).toThrow(gone);
  });
});

describe('the real registry', () => {
  const scalar = fc.oneof(
    fc.constantFrom('calico', 'azure', 'bird', 'None', 'vxlan', '', 'x'.repeat(500)),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const config = fc.record(
    {
      apiVersion: scalar,
      kind: scalar,
      backend: scalar,
      vethMTU: fc.oneof(scalar, fc.nat(), fc.double()),
      overlay: fc.oneof(scalar, fc.record({ enabled: scalar })),
      ipv4: fc.oneof(scalar, fc.record({ pool: scalar, mode: scalar, autoDetectionMethod: scalar })),
      typha: scalar,
      autoScaling: fc.oneof(scalar, fc.record({ mode: scalar })),
      [`__proto__`]: scalar,
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  const object = fc.oneof(
    { weight: 1, arbitrary: fc.jsonValue() },
    {
      weight: 9,
      arbitrary: fc.record(
        {
          kind: fc.constantFrom('Shoot', 'Network'),
          metadata: fc.oneof(scalar, fc.record({ name: scalar, namespace: scalar })),
          spec: fc.record(
            {
              type: fc.constantFrom('calico', 'cilium', null),
              providerConfig: fc.oneof(config, scalar),
              provider: fc.oneof(scalar, fc.record({ type: scalar, workers: fc.array(scalar) })),
              kubernetes: fc.oneof(scalar, fc.record({ kubeProxy: fc.record({ enabled: fc.boolean() }) })),
              networking: fc.oneof(
                scalar,
                fc.record(
                  {
                    type: fc.constantFrom('calico', 'cilium', null),
                    providerConfig: fc.oneof(config, scalar),
                  },
                  { requiredKeys: [], noNullPrototype: true },
                ),
              ),
            },
            { requiredKeys: [], noNullPrototype: true },
          ),
        },
        { requiredKeys: [], noNullPrototype: true },
      ),
    },
  );
  const route = fc.constantFrom<Route>(
    { purpose: 'validate' },
    { purpose: 'mutate' },
    { purpose: 'mutate', provider: 'azure' },
    { purpose: 'mutate', provider: 'nowhere' },
  );

  it('answers everything, well-formed, with a patch that applies and is not needed twice', () => {
    const real = registry;
    fc.assert(
      fc.property(object, fc.option(object, { nil: undefined }), route, (subject, oldObject, path) => {
        const request = oldObject === undefined ? { object: subject } : { object: subject, oldObject };
        const decision = ask(request, path, { registry: real });
        expect(decision.outcome?.faults ?? []).toEqual([]);
        if (decision.verdict === 'patched') {
          const result = patched(JSON.parse(JSON.stringify(subject)), decision.answer);
          expect(ask({ ...request, object: result }, path, { registry: real }).verdict).toBe('allowed');
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('the route of a path', () => {
  it.each([
    { path: '/validate', route: { purpose: 'validate' } },
    { path: '/mutate', route: { purpose: 'mutate' } },
    { path: '/mutate/azure', route: { purpose: 'mutate', provider: 'azure' } },
    { path: '/mutate/a-b', route: { purpose: 'mutate', provider: 'a-b' } },
    { path: '/mutate/', route: undefined },
    { path: '/mutate/azure/more', route: undefined },
    { path: '/a/mutate/azure', route: undefined },
    { path: '/validate/azure', route: undefined },
    { path: '/', route: undefined },
    { path: '', route: undefined },
  ])('$path', ({ path, route }) => {
    expect(findRoute(path)).toEqual(route);
  });
});
