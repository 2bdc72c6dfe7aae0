import { describe, expect, it, vi } from 'vitest';
import { DeadlineExceededError } from '../../src/policy/deadline.ts';
import { RuleFaultError } from '../../src/policy/evaluate.ts';
import { isMap } from '../../src/policy/json.ts';
import type { MessageParts } from '../../src/policy/message.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import type { Effect, EvaluationRequest, Finding } from '../../src/policy/types.ts';
import {
  checkpointAfter,
  context,
  fakeMutation,
  fakePolicy,
  fakeRule,
  finding,
  request,
} from '../support/fake-policy.ts';

const NOTHING = { findings: [], patch: [], mutations: [], faults: [] };
const gone = new DeadlineExceededError('time is up');

function* broken(): Iterable<Finding> {
  yield finding(['spec', 'before']);
  throw new TypeError('secret');
}

describe('validate', () => {
  it('reports nothing about objects that are not ours', () => {
    const check = vi.fn(() => []);
    const policy = fakePolicy([fakeRule('fake/rule', 'deny', check)], [], { read: () => undefined });
    expect(policy.validate(request({}, {}), context())).toEqual(NOTHING);
    expect(check).not.toHaveBeenCalled();
  });

  it('asks the target for what it wants to validate', () => {
    const read = vi.fn(() => undefined);
    const subject = request({});
    fakePolicy([], [], { read }).validate(subject, context());
    expect(read).toHaveBeenCalledExactlyOnceWith(subject, 'validate');
  });

  it('gives each finding its rule and its action', () => {
    const rule = fakeRule('fake/rule', 'deny', (object) => {
      expect(object).toEqual({ spec: 1 });
      return [finding(['a'], 'first'), finding(['b'], 'second')];
    });
    expect(fakePolicy([rule]).validate(request({ spec: 1 }), context())).toEqual({
      ...NOTHING,
      findings: [
        { ...finding(['a'], 'first'), rule: 'fake/rule', action: 'deny' },
        { ...finding(['b'], 'second'), rule: 'fake/rule', action: 'deny' },
      ],
    });
  });

  it('stops a rule that has found a thousand places, and asks it for no more', () => {
    let asked = 0;
    const endless = fakeRule('fake/endless', 'deny', function* () {
      for (; asked < 5000; asked += 1) yield finding(['spec', String(asked)]);
    });
    const policy = fakePolicy([endless, fakeRule('fake/next', 'warn')]);
    const { findings } = policy.validate(request({}), context());
    expect(findings.filter((each) => each.rule === 'fake/endless')).toHaveLength(1000);
    expect(asked).toBe(999);
    expect(findings.at(-1)?.rule).toBe('fake/next');
  });

  it('puts denials first, then warnings, then notes, each in the order of the registry', () => {
    const rules = [
      fakeRule('fake/a', 'audit'),
      fakeRule('fake/b', 'warn'),
      fakeRule('fake/c', 'deny'),
      fakeRule('fake/d', 'audit'),
      fakeRule('fake/e', 'warn'),
      fakeRule('fake/f', 'deny'),
    ];
    const { findings } = fakePolicy(rules).validate(request({}), context());
    expect(findings.map((each) => each.rule)).toEqual([
      'fake/c',
      'fake/f',
      'fake/b',
      'fake/e',
      'fake/a',
      'fake/d',
    ]);
  });

  it('warns of what is to be a warning, whatever the rule does, and of no more than the rule would', () => {
    const check = () => [{ ...finding(['a']), atMost: 'warn' as const }, finding(['b'])];
    const rules = [
      fakeRule('fake/deny', 'deny', check),
      fakeRule('fake/warn', 'warn', check),
      fakeRule('fake/audit', 'audit', check),
    ];
    const { findings } = fakePolicy(rules).validate(request({}), context());
    expect(findings.map(({ rule, path, action }) => [rule, ...path, action])).toEqual([
      ['fake/deny', 'b', 'deny'],
      ['fake/deny', 'a', 'warn'],
      ['fake/warn', 'a', 'warn'],
      ['fake/warn', 'b', 'warn'],
      ['fake/audit', 'a', 'audit'],
      ['fake/audit', 'b', 'audit'],
    ]);
  });

  it('applies the settings', () => {
    const check = vi.fn(() => []);
    const rules = [
      fakeRule('fake/off', 'deny', check),
      fakeRule('fake/warn'),
      fakeRule('fake/exempt'),
      fakeRule('fake/exempt-elsewhere'),
    ];
    const settings = {
      rules: { 'fake/off': 'off', 'fake/warn': 'warn' },
      exempt: [
        { namespace: 'garden-dev', rules: ['fake/exempt'] },
        { namespace: 'garden-prod', rules: ['fake/exempt-elsewhere'] },
      ],
    } as const;
    const { findings } = fakePolicy(rules).validate(request({}), context(settings));
    expect(findings.map((each) => [each.rule, each.action])).toEqual([
      ['fake/exempt-elsewhere', 'deny'],
      ['fake/warn', 'warn'],
      ['fake/exempt', 'audit'],
    ]);
    expect(check).not.toHaveBeenCalled();
  });

  it.each([0, 1])('ends when the time is up before rule %i', (passes) => {
    const rules = [fakeRule('fake/a'), fakeRule('fake/b')];
    const subject = context({}, checkpointAfter(passes, gone));
    expect(() => fakePolicy(rules).validate(request({}), subject)).toThrow(gone);
  });

  it.each(['deny', 'warn'] as const)(
    'ends when the time is up while a rule finds on and on: %s',
    (action) => {
      let found = 0;
      function* endless(): Iterable<Finding> {
        for (;;) {
          found += 1;
          yield finding(['spec', found]);
        }
      }
      const rule = fakeRule('fake/endless', action, endless);
      const subject = context({}, checkpointAfter(10, gone));
      expect(() => fakePolicy([rule]).validate(request({}), subject)).toThrow(gone);
      expect(found).toBeLessThan(11);
    },
  );

  it('does not run a rule that is off', () => {
    const subject = context({ rules: { 'fake/a': 'off' } }, checkpointAfter(0, gone));
    expect(fakePolicy([fakeRule('fake/a')]).validate(request({}), subject)).toEqual(NOTHING);
  });

  describe('with a rule that throws', () => {
    it('fails where the rule would deny', () => {
      const policy = fakePolicy([fakeRule('fake/broken', 'deny', broken)]);
      expect(() => policy.validate(request({}), context())).toThrow(
        expect.objectContaining({
          name: 'RuleFaultError',
          rule: 'fake/broken',
          message: 'fake/broken failed',
          cause: new TypeError('secret'),
        }),
      );
      expect(() => policy.validate(request({}), context())).toThrow(RuleFaultError);
    });

    it.each(['warn', 'audit'] as const)('continues without it where it would only %s', (action) => {
      const policy = fakePolicy([fakeRule('fake/broken', action, broken), fakeRule('fake/whole')]);
      const { findings, faults } = policy.validate(request({}), context());
      expect(findings.filter((each) => each.action === 'deny').map((each) => each.rule)).toEqual([
        'fake/whole',
      ]);
      expect(faults).toEqual(['fake/broken']);
    });

    it('continues without a denying one that was set to warn', () => {
      const policy = fakePolicy([fakeRule('fake/broken', 'deny', broken)]);
      const { faults } = policy.validate(request({}), context({ rules: { 'fake/broken': 'warn' } }));
      expect(faults).toEqual(['fake/broken']);
    });

    it('names it once, though it failed on the old object as well', () => {
      const policy = fakePolicy([fakeRule('fake/broken', 'warn', broken), fakeRule('fake/whole')]);
      const { faults } = policy.validate(request({ spec: 1 }, { spec: 2 }), context());
      expect(faults).toEqual(['fake/broken']);
    });
  });

  describe('of an update', () => {
    const present = fakeRule('fake/rule', 'deny', (object) =>
      JSON.stringify(object).includes('"field":1') ? [finding(['spec', 'field'])] : [],
    );
    const actions = (object: object, old: object | undefined) =>
      fakePolicy([present, fakeRule('fake/advice', 'warn')])
        .validate(request(object, old), context())
        .findings.map((each) => [each.rule, each.action]);

    it('denies what is new', () => {
      expect(actions({ spec: { field: 1 } }, { spec: {} })).toEqual([
        ['fake/rule', 'deny'],
        ['fake/advice', 'warn'],
      ]);
    });

    it('warns of what was denied already, and does not repeat a warning', () => {
      expect(actions({ spec: { field: 1, x: 1 } }, { spec: { field: 1, x: 2 } })).toEqual([
        ['fake/rule', 'warn'],
      ]);
    });

    it('denies like a creation where no old object came', () => {
      const subject = { ...request({ spec: { field: 1 } }), operation: 'UPDATE' as const };
      const { findings } = fakePolicy([present]).validate(subject, context());
      expect(findings.map((each) => each.action)).toEqual(['deny']);
    });

    it('sorts denials first after old ones have become warnings', () => {
      const policy = fakePolicy([
        fakeRule('fake/old', 'deny', () => [finding(['old'])]),
        fakeRule('fake/new', 'deny', () => [finding(['new'])]),
      ]);
      const { findings } = policy.validate(request({ old: 1, new: 2 }, { old: 1, new: 1 }), context());
      expect(findings.map((each) => [each.rule, each.action])).toEqual([
        ['fake/new', 'deny'],
        ['fake/old', 'warn'],
      ]);
    });

    it('does not look at the old object where there is nothing to excuse', () => {
      const rule = fakeRule('fake/rule', 'deny', (object) =>
        JSON.stringify(object) === '{}' ? [] : broken(),
      );
      expect(fakePolicy([rule]).validate(request({}, { spec: 'breaks it' }), context())).toEqual(NOTHING);
    });

    it('reads the clock while it evaluates the old object', () => {
      const subject = context({}, checkpointAfter(1, gone));
      expect(() => fakePolicy([fakeRule('fake/a')]).validate(request({}, {}), subject)).toThrow(gone);
    });
  });
});

describe('a value of another type', () => {
  const wrongType: Finding = {
    ...finding(['size']),
    reason: 'FieldValueTypeInvalid',
    fix: { kind: 'replace', value: 7 },
  };
  const rule = fakeRule('fake/size', 'deny', function* (object) {
    const size = isMap(object) ? object['size'] : undefined;
    if (typeof size === 'string') yield wrongType;
    if (size === 7) yield { ...finding(['size'], 'is odd'), advice: 'write 8' };
  });

  it('gets the advice that its correction would get next', () => {
    const { findings } = fakePolicy([rule]).validate(request({ size: '7' }), context());
    expect(findings.map(({ advice }) => advice)).toEqual(['write 8']);
  });

  it('keeps its own where the corrected object is not ours', () => {
    const read = vi.fn(({ object }: EvaluationRequest) =>
      isMap(object) && object['size'] === '7' ? { object } : undefined,
    );
    const policy = fakePolicy([rule], [], { read });
    const { findings } = policy.validate(request({ size: '7' }), context());
    expect(findings.map(({ advice }) => advice)).toEqual(['mend it']);
    expect(read.mock.calls.map(([each]) => each.object)).toEqual([{ size: '7' }, { size: 7 }]);
    expect(read.mock.calls.map((call: unknown[]) => call[1])).toEqual(['validate', 'validate']);
  });
});

describe('mutate', () => {
  const set = (path: string[], value: unknown, replaces?: MessageParts): Effect => ({
    kind: 'set',
    path,
    value,
    ...(replaces !== undefined && { replaces }),
  });
  const backend = fakeMutation('backend', () => [
    set(['backend'], 'none', { problem: 'does not work', got: 'bird', advice: 'mend it' }),
  ]);
  const overlay = fakeMutation('overlay', () => [set(['overlay', 'enabled'], false)]);

  it.each([
    { onlyOn: 'CREATE', operation: undefined, old: undefined, runs: true },
    { onlyOn: 'CREATE', operation: undefined, old: {}, runs: false },
    { onlyOn: 'UPDATE', operation: undefined, old: {}, runs: true },
    { onlyOn: 'UPDATE', operation: undefined, old: undefined, runs: false },
    { onlyOn: 'CREATE', operation: 'UPDATE', old: undefined, runs: false },
    { onlyOn: 'CREATE', operation: 'unknown', old: undefined, runs: false },
    { onlyOn: undefined, operation: 'unknown', old: undefined, runs: true },
  ] as const)('runs what is for $onlyOn only where $operation, $old: $runs', (each) => {
    const policy = fakePolicy([], [{ ...overlay, ...(each.onlyOn && { onlyOn: each.onlyOn }) }]);
    const at = { ...context(), ...(each.operation && { operation: each.operation }) };
    const { mutations } = policy.mutate(request({}, each.old), at);
    expect(mutations).toEqual(each.runs ? ['overlay'] : []);
  });

  it('does not change what has no configuration', () => {
    expect(fakePolicy([], [overlay], { config: undefined }).mutate(request({}), context())).toEqual(NOTHING);
  });

  it('does not change what is not ours', () => {
    const policy = fakePolicy([], [overlay], { read: () => undefined });
    expect(policy.mutate(request({}), context())).toEqual(NOTHING);
  });

  it('asks the target for what it wants to mutate', () => {
    const read = vi.fn(() => undefined);
    const subject = request({});
    fakePolicy([], [], { read }).mutate(subject, context());
    expect(read).toHaveBeenCalledExactlyOnceWith(subject, 'mutate');
  });

  it('writes what the mutations set, and reports what it replaced, with the whole path', () => {
    const policy = fakePolicy([], [overlay, backend]);
    expect(policy.mutate(request({ spec: { config: { backend: 'bird' } } }), context())).toEqual({
      findings: [
        {
          path: ['spec', 'config', 'backend'],
          reason: 'FieldValueInvalid',
          problem: 'does not work',
          got: 'bird',
          advice: 'mend it',
          rule: 'backend',
          action: 'warn',
        },
      ],
      patch: [
        { op: 'add', path: '/spec/config/overlay', value: { enabled: false } },
        { op: 'replace', path: '/spec/config/backend', value: 'none' },
      ],
      mutations: ['overlay', 'backend'],
      faults: [],
    });
  });

  it('makes a configuration where there is none', () => {
    const { patch } = fakePolicy([], [overlay]).mutate(request({ spec: {} }), context());
    expect(patch).toEqual([
      { op: 'add', path: '/spec/config', value: { kind: 'FakeConfig', overlay: { enabled: false } } },
    ]);
  });

  it('does not name a mutation that sets nothing', () => {
    const idle = fakeMutation('idle', () => []);
    const { mutations, patch } = fakePolicy([], [idle, overlay]).mutate(request({ spec: {} }), context());
    expect(mutations).toEqual(['overlay']);
    expect(patch).toHaveLength(1);
  });

  it('gives advice without a patch', () => {
    const advise = fakeMutation('advise', () => [{ kind: 'advise', ...finding(['spec', 'x'], 'think') }]);
    expect(fakePolicy([], [advise]).mutate(request({}), context())).toEqual({
      ...NOTHING,
      findings: [{ ...finding(['spec', 'x'], 'think'), rule: 'advise', action: 'warn' }],
    });
  });

  it('rejects without a patch, whatever the others set, and reports that first', () => {
    const refuse = fakeMutation('refuse', () => [{ kind: 'reject', ...finding(['spec'], 'cannot be') }]);
    const policy = fakePolicy([], [backend, refuse, overlay]);
    const outcome = policy.mutate(request({ spec: { config: {} } }), context());
    expect(outcome).toMatchObject({ patch: [], mutations: [], faults: [] });
    expect(outcome.findings).toEqual([
      { ...finding(['spec'], 'cannot be'), rule: 'refuse', action: 'deny' },
      expect.objectContaining({ rule: 'backend', action: 'warn' }),
    ]);
  });

  it('applies the settings', () => {
    const seen: unknown[] = [];
    const off = fakeMutation('off', () => [set(['x'], 1)]);
    const curious = { ...overlay, mutate: (_input: unknown, options: unknown) => [set(['seen'], options)] };
    const options = { openstackOverlayDefault: false };
    const settings = { mutations: { off: 'off', overlay: 'on' }, options } as const;
    const { mutations, patch } = fakePolicy([], [off, curious]).mutate(
      request({ spec: { config: {} } }),
      context(settings, () => seen.push('checkpoint')),
    );
    expect(mutations).toEqual(['overlay']);
    expect(patch).toEqual([{ op: 'add', path: '/spec/config/seen', value: options }]);
    expect(seen).toEqual(['checkpoint']);
  });

  it.each([0, 1])('ends when the time is up before mutation %i', (passes) => {
    const subject = context({}, checkpointAfter(passes, gone));
    expect(() => fakePolicy([], [overlay, backend]).mutate(request({}), subject)).toThrow(gone);
  });

  it('fails with a mutation that throws', () => {
    const broken = fakeMutation('broken', function* () {
      yield set(['x'], 1);
      throw new TypeError('secret');
    });
    expect(() => fakePolicy([], [broken]).mutate(request({}), context())).toThrow(
      expect.objectContaining({
        name: 'RuleFaultError',
        rule: 'broken',
        message: 'broken failed',
        cause: new TypeError('secret'),
      }),
    );
  });
});

it('a policy shows what it is made of', () => {
  const rule = fakeRule('fake/rule');
  const mutation = fakeMutation('mend', () => []);
  const { target, rules, mutations } = fakePolicy([rule], [mutation]);
  expect(target).toMatchObject({ id: 'fake', kind: 'Fake', resource: 'fakes' });
  expect(rules).toEqual([rule]);
  expect(mutations).toEqual([mutation]);
  expect(DEFAULT_SETTINGS.rules).toEqual({});
});
