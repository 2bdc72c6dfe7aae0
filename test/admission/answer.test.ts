import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AdmissionReview, allow, answer, firedRules, MAX_WARNINGS } from '../../src/admission/answer.ts';
import { createReviewReader, type ReadReview, type Review } from '../../src/admission/read.ts';
import type { Outcome } from '../../src/policy/evaluate.ts';
import type { RuleFinding } from '../../src/policy/types.ts';
import { anyText } from '../support/any-text.ts';
import { registry } from '../support/registry.ts';
import { decodePatch, expectWellFormed, toReview, UID } from '../support/review.ts';

// Made for each test: what a mistake in making it breaks is then seen by one.
let readReview: ReadReview;
beforeEach(() => {
  readReview = createReviewReader(registry);
});
const TYPE = { group: 'example.org', kind: 'Fake' };
const NOTHING: Outcome = { findings: [], patch: [], mutations: [], faults: [] };
const OPERATION = { op: 'add', path: '/spec/x', value: 'ü' } as const;

function review(request: object = { name: 'foo' }, apiVersion = 'admission.k8s.io/v1'): Review {
  return readReview(Buffer.from(JSON.stringify({ ...toReview({ ...request }), apiVersion })));
}

function finding(action: RuleFinding['action'], change: Partial<RuleFinding> = {}): RuleFinding {
  return {
    path: ['spec', 'field'],
    reason: 'FieldValueInvalid',
    problem: 'is wrong',
    got: 1,
    advice: 'mend it',
    rule: 'fake/rule',
    action,
    ...change,
  };
}

function many(count: number, action: RuleFinding['action']): RuleFinding[] {
  return Array.from({ length: count }, (_, index) =>
    finding(action, { path: ['spec', index], rule: `fake/rule-${index}` }),
  );
}

function respond(outcome: Partial<Outcome>, request?: object): AdmissionReview['response'] {
  const reply = answer(review(request), TYPE, { ...NOTHING, ...outcome });
  expectWellFormed(reply);
  return reply.response;
}

describe('the answer', () => {
  it.each(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'])(
    'is of version %s like the question',
    (version) => {
      const subject = review({}, version);
      const expected = {
        apiVersion: version,
        kind: 'AdmissionReview',
        response: { uid: UID, allowed: true },
      };
      expect(allow(subject)).toEqual(expected);
      expect(answer(subject, TYPE, NOTHING)).toEqual(expected);
      // kube-apiserver reads it as JSON: nothing may hide behind an undefined.
      expect(Object.keys(answer(subject, TYPE, NOTHING).response)).toEqual(['uid', 'allowed']);
    },
  );

  it('denies with a cause a finding, and one line', () => {
    const response = respond({
      findings: [
        finding('deny', { path: ['spec', 'a', 0], reason: 'FieldValueRequired', got: undefined }),
        finding('deny', { path: [], rule: 'fake/other', problem: 'is bad' }),
      ],
    });
    expect(response).toEqual({
      uid: UID,
      allowed: false,
      status: {
        code: 422,
        reason: 'Invalid',
        message: 'spec.a[0]: is wrong; mend it [fake/rule]; Fake: is bad (got 1); mend it [fake/other]',
        details: {
          name: 'foo',
          group: 'example.org',
          kind: 'Fake',
          causes: [
            { field: 'spec.a[0]', reason: 'FieldValueRequired', message: 'is wrong; mend it [fake/rule]' },
            { field: 'Fake', reason: 'FieldValueInvalid', message: 'is bad (got 1); mend it [fake/other]' },
          ],
        },
      },
      auditAnnotations: { 'rules-fired': 'fake/rule,fake/other' },
    });
  });

  it('does not name what has no name', () => {
    const { status } = respond({ findings: [finding('deny')] }, {});
    expect(Object.keys(status?.details ?? {})).toEqual(['group', 'kind', 'causes']);
  });

  // kubectl prints it as it is.
  it('escapes what is invisible in a name', () => {
    const { status } = respond({ findings: [finding('deny')] }, { name: 'a\r\n\u001b[31mb' });
    expect(status?.details.name).toBe('a\\u000d\\u000a\\u001b[31mb');
  });

  it('returns the warnings of a denied and of an allowed object', () => {
    const warning = 'spec.field: is wrong (got 1); mend it [fake/rule]';
    expect(respond({ findings: [finding('warn')] })).toEqual({
      uid: UID,
      allowed: true,
      warnings: [warning],
      auditAnnotations: { 'rules-fired': 'fake/rule' },
    });
    const denied = respond({
      findings: [finding('deny'), finding('warn', { path: [] })],
    });
    expect(denied.allowed).toBe(false);
    expect(denied.warnings).toEqual(['Fake: is wrong (got 1); mend it [fake/rule]']);
    expect(denied.status?.details.causes).toHaveLength(1);
  });

  it('writes a note only as an audit annotation', () => {
    expect(
      respond({ findings: [finding('audit'), finding('audit', { path: [], rule: 'fake/other' })] }),
    ).toEqual({
      uid: UID,
      allowed: true,
      auditAnnotations: {
        'rules-fired': 'fake/rule,fake/other',
        'audit-findings':
          'spec.field: is wrong (got 1); mend it [fake/rule]; Fake: is wrong (got 1); mend it [fake/other]',
      },
    });
  });

  it('annotates what was done and what failed', () => {
    expect(
      respond({ patch: [OPERATION], mutations: ['mend', 'repair'], faults: ['fake/a', 'fake/b'] })
        .auditAnnotations,
    ).toEqual({ 'mutations-applied': 'mend,repair', 'rules-failed': 'fake/a,fake/b' });
  });

  it('has the findings and the failed rules', () => {
    expect(respond({ findings: [finding('warn')], faults: ['fake/a'] }).warnings).toHaveLength(1);
  });

  it('carries the patch', () => {
    const reply = answer(review(), TYPE, { ...NOTHING, patch: [OPERATION] });
    expect(reply.response).toEqual({
      uid: UID,
      allowed: true,
      patchType: 'JSONPatch',
      patch: Buffer.from('[{"op":"add","path":"/spec/x","value":"ü"}]').toString('base64'),
    });
    expect(decodePatch(reply)).toEqual([OPERATION]);
  });

  it('never carries a patch with a denial', () => {
    const response = respond({ findings: [finding('deny')], patch: [OPERATION] });
    expect(Object.keys(response)).not.toContain('patch');
    expect(Object.keys(response)).not.toContain('patchType');
  });
});

describe('the answer without the old object', () => {
  const unread = (outcome: Partial<Outcome>) =>
    answer({ ...review(), isOldUnread: true }, TYPE, { ...NOTHING, ...outcome }).response;

  it('has that first, and counts it among the warnings', () => {
    const { warnings } = unread({ findings: many(20, 'warn') });
    expect(warnings).toHaveLength(MAX_WARNINGS);
    expect(warnings?.[0]).toBe(
      'the old object is too large to be read, so this update was evaluated like a new object',
    );
    expect(unread({ mutations: ['mend'] }).warnings).toHaveLength(1);
  });

  it('has no message where nothing was found', () => {
    expect(unread({})).toEqual({ uid: UID, allowed: true });
  });
});

describe('what is too much', () => {
  it.each([
    { count: 99, last: { field: 'spec[98]', message: 'is wrong (got 1); mend it [fake/rule-98]' } },
    { count: 100, last: { field: 'spec[99]', message: 'is wrong (got 1); mend it [fake/rule-99]' } },
    {
      count: 101,
      last: { field: 'spec[99]', message: 'and 2 more findings, this one the first of them [fake/rule-99]' },
    },
    {
      count: 250,
      last: {
        field: 'spec[99]',
        message: 'and 151 more findings, this one the first of them [fake/rule-99]',
      },
    },
  ])('of $count causes, the last says how many more', ({ count, last }) => {
    const causes = respond({ findings: many(count, 'deny') }).status?.details.causes ?? [];
    expect(causes).toHaveLength(Math.min(count, 100));
    expect(causes.at(-1)).toEqual({ ...last, reason: 'FieldValueInvalid' });
    expect(causes[0]?.field).toBe('spec[0]');
    expect(causes[98]?.field).toBe('spec[98]');
  });

  it.each([
    { count: 7, last: 'spec[6]: is wrong (got 1); mend it [fake/rule-6]' },
    { count: 8, last: 'spec[7]: is wrong (got 1); mend it [fake/rule-7]' },
    { count: 9, last: 'and 2 more warnings' },
    { count: 100, last: 'and 93 more warnings' },
  ])('of $count warnings, the last says how many more', ({ count, last }) => {
    const warnings = respond({ findings: many(count, 'warn') }).warnings ?? [];
    expect(warnings).toHaveLength(Math.min(count, 8));
    expect(warnings.at(-1)).toBe(last);
    expect(warnings[6]).toBe('spec[6]: is wrong (got 1); mend it [fake/rule-6]');
  });

  it('of notes, eight are in the annotation', () => {
    const annotations = respond({ findings: many(20, 'audit') }).auditAnnotations;
    expect(
      annotations?.['audit-findings']?.split('; ').filter((text) => text.startsWith('spec[')),
    ).toHaveLength(8);
    expect(annotations?.['rules-fired']?.split(',')).toHaveLength(20);
  });

  it('cuts the end of a warning, but not the rule', () => {
    const [warning = ''] =
      respond({ findings: [finding('warn', { advice: 'x'.repeat(300) })] }).warnings ?? [];
    expect(warning).toHaveLength(200);
    expect(warning).toMatch(/^spec\.field: is wrong \(got 1\); x+… \[fake\/rule\]$/);
  });

  it('does not cut a warning of 200 characters', () => {
    const [start, end] = ['spec.field: is wrong (got 1); ', ' [fake/rule]'];
    const advice = 'x'.repeat(200 - start.length - end.length);
    expect(respond({ findings: [finding('warn', { advice })] }).warnings).toEqual([start + advice + end]);
  });
});

it('firedRules names each rule once, in order', () => {
  const findings = [
    finding('deny', { rule: 'fake/b' }),
    finding('warn', { rule: 'fake/a' }),
    finding('audit', { rule: 'fake/b' }),
  ];
  expect(firedRules({ ...NOTHING, findings })).toEqual(['fake/b', 'fake/a']);
});

it('every answer is one that kube-apiserver accepts', () => {
  const findings = fc.array(
    fc.record({
      path: fc.array(fc.oneof(anyText(), fc.nat()), { maxLength: 4 }),
      reason: fc.constantFrom('FieldValueInvalid' as const, 'FieldValueRequired' as const),
      problem: fc.string({ maxLength: 300 }),
      got: fc.constantFrom(undefined, null, 0, 'x', 'y'.repeat(300), [1], { a: 1 }),
      advice: fc.string({ maxLength: 300 }),
      rule: fc.constantFrom('fake/rule', 'fake/re2-syntax', 'mend'),
      action: fc.constantFrom('deny' as const, 'warn' as const, 'audit' as const),
    }),
    { maxLength: 20 },
  );
  const outcome = fc.record({
    findings,
    patch: fc.array(fc.constant(OPERATION), { maxLength: 2 }),
    mutations: fc.array(fc.constantFrom('mend', 'repair')),
    faults: fc.array(fc.constantFrom('fake/a', 'fake/b')),
  });
  fc.assert(
    fc.property(outcome, (subject) => {
      const reply = answer(review(), TYPE, subject);
      expectWellFormed(reply);
      expect(reply.response.allowed).toBe(subject.findings.every((each) => each.action !== 'deny'));
      expect(JSON.parse(JSON.stringify(reply))).toEqual(reply);
    }),
    { numRuns: 30 },
  );
});
