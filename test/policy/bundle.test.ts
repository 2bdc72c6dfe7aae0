import { describe, expect, it, vi } from 'vitest';
import { DeadlineExceededError } from '../../src/policy/deadline.ts';
import { bindPolicy, evaluateBundle } from '../../src/policy/evaluate.ts';
import type { Fact } from '../../src/policy/fact.ts';
import {
  type BundleFinding,
  type BundleRule,
  type DocumentRef,
  factsOf,
  type LocatedFact,
} from '../../src/policy/types.ts';
import {
  checkpointAfter,
  context,
  DOCS,
  fakeRule,
  fakeTarget,
  finding,
  request,
} from '../support/fake-policy.ts';

// Rules across documents, and those of them that one object can break by itself.

const FACT: Fact = { about: 'tier', path: ['metadata', 'name'] };
const DOCUMENT: DocumentRef = { index: 3, file: 'a.yaml', kind: 'Fake', namespace: 'exempt', name: 'one' };
const LOCATED_FACT: LocatedFact = { ...FACT, document: DOCUMENT };

function across(
  id: string,
  check: BundleRule['check'] = () => [found()],
  action: BundleRule['action'] = 'deny',
): BundleRule {
  return { id, title: `${id} speaks`, action, docs: DOCS, check };
}

function found(change: Partial<BundleFinding> = {}): BundleFinding {
  return { ...finding(['spec', 'field']), document: DOCUMENT, ...change };
}

describe('rules across documents', () => {
  it('get all facts, the settings, and whether the bundle is complete', () => {
    const check = vi.fn(() => []);
    const { settings } = context();
    expect(evaluateBundle([across('fake/a', check)], [LOCATED_FACT], context())).toEqual({
      findings: [],
      faults: [],
    });
    evaluateBundle([across('fake/a', check)], [LOCATED_FACT], { ...context(), isPart: true });
    expect(check.mock.calls).toEqual([
      [[LOCATED_FACT], settings, { isWhole: true }],
      [[LOCATED_FACT], settings, { isWhole: false }],
    ]);
  });

  it('have an action for each finding, and for the namespace of its document', () => {
    const rules = [across('fake/a', () => [found(), found({ atMost: 'warn' })]), across('fake/b')];
    const settings = {
      rules: { 'fake/b': 'off' as const },
      exempt: [{ namespace: 'exempt', rules: ['fake/a'] }],
    };
    expect(evaluateBundle(rules, [], context()).findings).toEqual([
      { ...found(), rule: 'fake/a', action: 'deny' },
      { ...found(), atMost: 'warn', rule: 'fake/a', action: 'warn' },
      { ...found(), rule: 'fake/b', action: 'deny' },
    ]);
    const exempt = evaluateBundle(rules, [], context(settings)).findings;
    expect(exempt.map(({ rule, action }) => `${rule} ${action}`)).toEqual(['fake/a audit', 'fake/a audit']);
  });

  it('are stopped after a thousand findings', () => {
    let asked = 0;
    const endless = across('fake/endless', function* () {
      for (; asked < 5000; asked += 1) yield found();
    });
    expect(evaluateBundle([endless, across('fake/b')], [], context()).findings).toHaveLength(1001);
    expect(asked).toBe(999);
  });

  it('are named where they throw, and the others run', () => {
    const broken = across('fake/broken', function* () {
      yield found();
      throw new TypeError('secret');
    });
    const { findings, faults } = evaluateBundle([broken, across('fake/b')], [], context());
    expect(faults).toEqual(['fake/broken']);
    expect(findings.map(({ rule }) => rule)).toEqual(['fake/broken', 'fake/b']);
  });

  it.each([0, 1, 2])('end when the time is up after %i looks at the clock', (passes) => {
    const gone = new DeadlineExceededError('time is up');
    const at = context({}, checkpointAfter(passes, gone));
    expect(() => evaluateBundle([across('fake/a'), across('fake/b')], [], at)).toThrow(gone);
  });
});

describe('one object by itself', () => {
  const target = fakeTarget({ listFacts: ({ object }) => (object === null ? [] : [FACT]) });
  const rule = across('fake/alone', (facts) => facts.map(({ document, path }) => found({ document, path })));

  it('has the facts that its target lists', () => {
    const policy = bindPolicy(target, [], []);
    expect(policy.readFacts(request({}))).toEqual([FACT]);
    expect(policy.readFacts(request(null))).toEqual([]);
    expect(bindPolicy(fakeTarget(), [], []).readFacts(request({}))).toEqual([]);
    expect(bindPolicy({ ...target, read: () => undefined }, [], []).readFacts(request({}))).toEqual([]);
  });

  it('is ours where its target reads it to validate it', () => {
    const read = vi.fn(() => ({ object: 1 }));
    const subject = request({});
    expect(bindPolicy({ ...target, read }, [], []).matches(subject)).toBe(true);
    bindPolicy({ ...target, read }, [], []).readFacts(subject);
    expect(read.mock.calls).toEqual([
      [subject, 'validate'],
      [subject, 'validate'],
    ]);
    expect(bindPolicy({ ...target, read: () => undefined }, [], []).matches(subject)).toBe(false);
  });

  it('is evaluated by the rules across documents that it can break alone', () => {
    const policy = bindPolicy(target, [fakeRule('fake/rule', 'warn')], [], [rule]);
    expect(policy.validate(request({}), context()).findings).toEqual([
      { ...finding(['metadata', 'name']), rule: 'fake/alone', action: 'deny' },
      { ...finding(['spec', 'field']), rule: 'fake/rule', action: 'warn' },
    ]);
  });

  it('is not evaluated alone where all documents are evaluated, or where it has no facts', () => {
    const policy = bindPolicy(target, [], [], [rule]);
    expect(policy.validate(request({}), { ...context(), isBundle: true }).findings).toEqual([]);
    expect(policy.validate(request(null), context()).findings).toEqual([]);
    expect(bindPolicy(fakeTarget(), [], [], [rule]).validate(request({}), context()).findings).toEqual([]);
  });

  it('is a document of its own kind and namespace', () => {
    const check = vi.fn<BundleRule['check']>(() => []);
    bindPolicy(target, [], [], [across('fake/a', check)]).validate(request({}), context());
    expect(check.mock.calls[0]?.[0]).toEqual([
      { ...FACT, document: { index: 0, file: '', kind: 'Fake', namespace: 'garden-dev', name: '' } },
    ]);
  });

  it('names a rule that throws', () => {
    const broken = across('fake/broken', () => {
      throw new TypeError('secret');
    });
    expect(bindPolicy(target, [], [], [broken]).validate(request({}), context()).faults).toEqual([
      'fake/broken',
    ]);
  });
});

it('statements of one sort are found, each with its document', () => {
  const other: LocatedFact = {
    about: 'resource-set',
    path: [],
    document: DOCUMENT,
  } as unknown as LocatedFact;
  expect(factsOf([LOCATED_FACT, other, LOCATED_FACT], 'tier')).toEqual([LOCATED_FACT, LOCATED_FACT]);
  expect(factsOf([other], 'tier')).toEqual([]);
});
