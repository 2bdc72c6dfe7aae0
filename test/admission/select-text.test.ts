import { describe, expect, it } from 'vitest';
import {
  hasSameSpec,
  MAX_CONFIG_BYTES,
  MAX_VALUES,
  type Selection,
  selectOutline,
  selectText,
} from '../../src/admission/select-text.ts';
import { UnreadableReviewError } from '../../src/admission/unreadable.ts';
import { watchReview } from '../../src/admission/watch.ts';
import { scanJson } from '../../src/schema/scan.ts';
import { fakeTarget } from '../support/fake-policy.ts';

// What of a body is parsed, by its bytes.

const watch = () => watchReview([fakeTarget()]);
const CONFIGS = ['spec.config'];

function select(text: string, isSameSpec?: boolean): Selection {
  const bytes = Buffer.from(text);
  const scan = scanJson(bytes, watch(), 100);
  return selectText(bytes, scan, CONFIGS, isSameSpec ?? hasSameSpec(bytes, scan));
}

function outline(text: string): string {
  const bytes = Buffer.from(text);
  return selectOutline(bytes, scanJson(bytes, watch(), 100));
}

function isSame(object: string, oldObject: string | undefined): boolean {
  const bytes = Buffer.from(body(object, oldObject));
  return hasSameSpec(bytes, scanJson(bytes, watch(), 100));
}

function body(object: string, oldObject?: string): string {
  const old = oldObject === undefined ? '' : `,"oldObject":${oldObject}`;
  return `{"request":{"uid":"ü","object":${object}${old}}}`;
}

const LARGE = `{"a":"${'x'.repeat(MAX_CONFIG_BYTES - 7)}"}`;
const AS_LARGE_AS_MAY_BE = `{"a":"${'x'.repeat(MAX_CONFIG_BYTES - 8)}"}`;
/** Most values that are read, and more than the few bytes that are not looked through. */
const MANY = `[${'1,'.repeat(MAX_VALUES)}1]`;
const HALF = `[${'1,'.repeat(MAX_VALUES * 0.6)}1]`;

describe('what is parsed', () => {
  it('is all of a small body, but for the books of server-side apply', () => {
    const object =
      '{"metadata":{"managedFields":[1],"annotations":{"a":"b"}},"spec":{"config":{}},"status":{}}';
    const text = body(object, object);
    const without = text.replaceAll('"managedFields":[1]', '"managedFields":null');
    expect(select(text)).toEqual({ text: without, isPassedUnread: false, isOldUnread: false });
  });

  it('is all of a body without any', () => {
    expect(select(body('{"spec":{"ä":1}}')).text).toBe(body('{"spec":{"ä":1}}'));
  });

  it('is a configuration as large as it may be, in both objects', () => {
    const object = `{"spec":{"config":${AS_LARGE_AS_MAY_BE}}}`;
    const text = body(object, '{"spec":{}}');
    expect(select(text)).toEqual({ text, isPassedUnread: false, isOldUnread: false });
    const old = body('{"spec":{}}', object);
    expect(select(old)).toEqual({ text: old, isPassedUnread: false, isOldUnread: false });
  });

  it('is the new object alone where the configuration of the old one is too large', () => {
    const text = body('{"metadata":{"managedFields":[1]},"spec":{}}', `{"spec":{"config":${LARGE}}}`);
    const newOnly = body('{"metadata":{"managedFields":null},"spec":{}}', 'null');
    expect(select(text)).toEqual({ text: newOnly, isPassedUnread: false, isOldUnread: true });
  });

  it('is the new object alone where both together have too many values', () => {
    const object = `{"status":${HALF},"spec":{"a":1}}`;
    const selection = select(body(object, `{"status":${HALF},"spec":{"a":2}}`));
    expect(selection).toEqual({ text: body(object, 'null'), isPassedUnread: false, isOldUnread: true });
  });

  it.each([
    { name: 'the spec is the same', object: `{"spec":{"config":${LARGE}}}` },
    { name: 'the spec is the same, and the values are too many', object: `{"status":${MANY},"spec":{}}` },
  ])('is neither object where $name', ({ object }) => {
    expect(select(body(object, object))).toEqual({
      text: body('null', 'null'),
      isPassedUnread: true,
      isOldUnread: false,
    });
  });

  it('is neither object where a new one that is too large is on its way out', () => {
    const text = body(`{"metadata":{"deletionTimestamp":"x"},"spec":{"config":${LARGE}}}`);
    expect(select(text)).toEqual({ text: body('null'), isPassedUnread: true, isOldUnread: false });
  });

  it.each([
    { name: 'a configuration', object: `{"spec":{"config":${LARGE}}}`, reason: 'too-large' },
    {
      name: 'a configuration of what is not deleted',
      object: `{"metadata":{"deletionTimestamp": null },"spec":{"config":${LARGE}}}`,
      reason: 'too-large',
    },
    { name: 'many values', object: `{"status":${MANY},"spec":{}}`, reason: 'too-many-values' },
  ])('is nothing of a new object that is too large by $name', ({ object, reason }) => {
    expect(() => select(body(object))).toThrow(expect.objectContaining({ reason }));
    expect(() => select(body(object, '{"spec":{"b":2}}'))).toThrow(UnreadableReviewError);
  });

  it('says how large it was, and how large it may be', () => {
    expect(() => select(body(`{"spec":{"config":${LARGE}}}`))).toThrow(
      `spec.config is too large (got ${MAX_CONFIG_BYTES + 1} bytes); at most ${MAX_CONFIG_BYTES} bytes are read`,
    );
    expect(() => select(body(`{"status":${MANY}}`))).toThrow(
      `the body holds too many values; at most ${MAX_VALUES} are read`,
    );
  });
});

it('the outline leaves out what is large and keeps what identifies an object', () => {
  const object = (content: string) =>
    `{"kind":"Fake","metadata":{"name":"n","managedFields":${content},"annotations":${content}},` +
    `"spec":${content},"status":${content}}`;
  expect(outline(body(object('{"a":1}'), object('[2]')))).toBe(body(object('null'), object('null')));
  expect(outline('{"request":{}}')).toBe('{"request":{}}');
});

describe('the same spec', () => {
  it.each([
    { object: '{"spec":{"a":1}}', old: '{"spec":{"a":1}}', same: true },
    { object: '{"spec":{"a":1}}', old: '{"status":1,"spec":{"a":1}}', same: true },
    { object: '{"spec":{}}', old: '{"spec":{}}', same: true },
    { object: '{"spec":{"a":1}}', old: '{"spec":{"a":2}}', same: false },
    { object: '{"spec":{"a":1}}', old: '{"spec":{"b":1}}', same: false },
    { object: '{"spec":{"a":1}}', old: '{"spec":{"a":11}}', same: false },
    { object: '{"spec":{"a":1}}', old: '{"spec":{ "a":1}}', same: false },
    { object: '{"spec":{"a":1}}', old: undefined, same: false },
    { object: '{"spec":{"a":1}}', old: '{}', same: false },
    { object: '{}', old: '{"spec":{"a":1}}', same: false },
    { object: '{}', old: '{}', same: false },
    { object: '{"spec":null}', old: '{"spec":null}', same: false },
    { object: '{"spec":[1]}', old: '{"spec":[1]}', same: false },
    { object: '{"spec":"a"}', old: '{"spec":"a"}', same: false },
  ])('of $object and $old: $same', ({ object, old, same }) => {
    expect(isSame(object, old)).toBe(same);
  });
});
