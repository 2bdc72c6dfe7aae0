import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import { isMap } from '../../src/policy/json.ts';
import {
  applyPatch as applyOwn,
  buildPatch,
  ConflictingMutationsError,
  type PatchOperation,
} from '../../src/policy/patch.ts';
import type { SetField } from '../../src/policy/types.ts';

const PATH = ['spec', 'a/b'];
const TYPE_META = { apiVersion: 'example.org/v1', kind: 'FakeConfig' };

function set(path: string, value: unknown): SetField {
  return { kind: 'set', path: path.split('.'), value };
}

function build(value: unknown, ...changes: SetField[]): PatchOperation[] {
  return buildPatch({ path: PATH, value, typeMeta: TYPE_META }, changes);
}

/** By an independent implementation of RFC 6902; every operation must apply. */
function apply(object: object, patch: readonly PatchOperation[]): object {
  const copy = structuredClone(object);
  for (const error of applyPatch(copy, [...patch])) expect(error).toBeNull();
  return copy;
}

describe('buildPatch', () => {
  it.each([
    { name: 'nothing to change', value: {}, changes: [], patch: [] },
    { name: 'nothing there and nothing to change', value: undefined, changes: [], patch: [] },
    { name: 'null and nothing to change', value: null, changes: [], patch: [] },
    {
      name: 'a configuration that is missing',
      value: undefined,
      changes: [set('backend', 'none'), set('overlay.enabled', false)],
      patch: [
        {
          op: 'add',
          path: '/spec/a~1b',
          value: { ...TYPE_META, backend: 'none', overlay: { enabled: false } },
        },
      ],
    },
    {
      name: 'two fields of one new map in a configuration that is missing',
      value: undefined,
      changes: [set('a.b', 1), set('a.c', 2)],
      patch: [{ op: 'add', path: '/spec/a~1b', value: { ...TYPE_META, a: { b: 1, c: 2 } } }],
    },
    {
      name: 'a configuration that is null',
      value: null,
      changes: [set('backend', 'none')],
      patch: [{ op: 'replace', path: '/spec/a~1b', value: { ...TYPE_META, backend: 'none' } }],
    },
    {
      name: 'an empty configuration, which gets no type',
      value: {},
      changes: [set('backend', 'none')],
      patch: [{ op: 'add', path: '/spec/a~1b/backend', value: 'none' }],
    },
    {
      name: 'a value that is there',
      value: { backend: 'bird', other: 1 },
      changes: [set('backend', 'none')],
      patch: [{ op: 'replace', path: '/spec/a~1b/backend', value: 'none' }],
    },
    {
      name: 'a null',
      value: { backend: null },
      changes: [set('backend', 'none')],
      patch: [{ op: 'replace', path: '/spec/a~1b/backend', value: 'none' }],
    },
    {
      name: 'what is so already',
      value: { backend: 'none', overlay: { enabled: false } },
      changes: [set('backend', 'none'), set('overlay', { enabled: false }), set('x', 1)],
      patch: [{ op: 'add', path: '/spec/a~1b/x', value: 1 }],
    },
    {
      name: 'a field in a map that is there',
      value: { overlay: { other: 1 } },
      changes: [set('overlay.enabled', true)],
      patch: [{ op: 'add', path: '/spec/a~1b/overlay/enabled', value: true }],
    },
    {
      name: 'a field in a map that is missing',
      value: {},
      changes: [set('a.b.c', true)],
      patch: [{ op: 'add', path: '/spec/a~1b/a', value: { b: { c: true } } }],
    },
    {
      name: 'a field in a map that is null',
      value: { a: { b: null } },
      changes: [set('a.b.c', true)],
      patch: [{ op: 'replace', path: '/spec/a~1b/a/b', value: { c: true } }],
    },
    {
      name: 'two fields of one new map',
      value: {},
      changes: [set('a.b', 1), set('a.c', 2)],
      patch: [
        { op: 'add', path: '/spec/a~1b/a', value: { b: 1 } },
        { op: 'add', path: '/spec/a~1b/a/c', value: 2 },
      ],
    },
    {
      name: 'a whole map that replaces another',
      value: { a: { b: 1 } },
      changes: [set('a', { c: 1 })],
      patch: [{ op: 'replace', path: '/spec/a~1b/a', value: { c: 1 } }],
    },
    {
      name: 'a name that a pointer must escape',
      value: {},
      changes: [{ kind: 'set', path: ['~/'], value: 1 } as const],
      patch: [{ op: 'add', path: '/spec/a~1b/~0~1', value: 1 }],
    },
    {
      name: 'a field whose map a user wrote as something else',
      value: { a: 'text', b: [{ c: 1 }], d: false },
      changes: [set('a.x', 1), set('b.0.c', 2), set('d.x', 3), set('e', 4)],
      patch: [{ op: 'add', path: '/spec/a~1b/e', value: 4 }],
    },
    { name: 'a text', value: 'x', changes: [set('backend', 'none')], patch: [] },
    { name: 'a list', value: [], changes: [set('backend', 'none')], patch: [] },
    { name: 'false', value: false, changes: [set('backend', 'none')], patch: [] },
    { name: 'zero', value: 0, changes: [set('backend', 'none')], patch: [] },
  ])('$name', ({ value, changes, patch }) => {
    expect(build(value, ...changes)).toEqual(patch);
  });

  it('leaves what it read as it was', () => {
    const value = { a: { b: 1 } };
    build(value, set('a.c', 2), set('d.e', 3));
    build(undefined, set('a.c', 2));
    expect(value).toEqual({ a: { b: 1 } });
    expect(TYPE_META).toEqual({ apiVersion: 'example.org/v1', kind: 'FakeConfig' });
  });

  const key = fc.constantFrom('a', 'b', 'c', 'a/b', 'c~d', '');
  const scalar = fc.oneof(fc.nat(2), fc.boolean(), fc.constantFrom('x', 'none'));
  const { value: json } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.oneof(scalar, fc.constant(null)),
      fc.array(tie('value'), { maxLength: 2 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  const config = fc.oneof(
    fc.constant(undefined),
    json,
    fc.dictionary(key, json, { maxKeys: 5, noNullPrototype: true }),
  );
  const setField = fc.record({
    kind: fc.constant('set' as const),
    path: fc.array(key, { minLength: 1, maxLength: 3 }),
    value: scalar,
  });
  const startsWith = (whole: readonly string[], start: readonly string[]) =>
    start.every((step, at) => whole[at] === step);
  const changes = fc.uniqueArray(setField, {
    maxLength: 4,
    comparator: (a, b) => startsWith(a.path, b.path) || startsWith(b.path, a.path),
  });

  /** What was asked, one field after the other; a field below what is neither a map nor unset is not written. */
  function wanted(present: unknown, asked: readonly SetField[]): unknown {
    if (asked.length === 0) return present;
    if (present !== undefined && present !== null && !isMap(present)) return present;
    const result: Record<string, unknown> = structuredClone(isMap(present) ? present : TYPE_META);
    for (const { path, value } of asked) put(result, [...path], value);
    return result;
  }

  function put(into: Record<string, unknown>, [head = '', ...rest]: unknown[], value: unknown): void {
    const name = String(head);
    if (rest.length === 0) {
      into[name] = value;
      return;
    }
    const inner = into[name] ?? {};
    if (typeof inner !== 'object' || Array.isArray(inner)) return;
    into[name] = inner;
    put(inner as Record<string, unknown>, rest, value);
  }

  it('gives what was asked, and nothing the second time', () => {
    fc.assert(
      fc.property(config, changes, (value, asked) => {
        const object = { spec: { other: 1, ...(value !== undefined && { 'a/b': value }) }, status: {} };
        const patch = build(value, ...asked);
        const expected = wanted(value, asked);
        const result = apply(object, patch);
        expect(result).toEqual({
          ...object,
          spec: { other: 1, ...(expected !== undefined && { 'a/b': expected }) },
        });
        expect(build(expected, ...asked)).toEqual([]);
        // Nothing is written that was not asked for.
        expect(patch.length).toBeLessThanOrEqual(asked.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('conflicting mutations', () => {
  it.each([
    { paths: [['a'], ['a']], path: 'a' },
    { paths: [['a'], ['a', 'b']], path: 'a' },
    { paths: [['x'], ['a', 'b', 'c'], ['a', 'b']], path: 'a.b' },
    { paths: [['a'], ['a', 'b.c']], path: 'a' },
  ])('are rejected: $paths', ({ paths, path }) => {
    const changes = paths.map((each) => ({ kind: 'set' as const, path: each, value: 1 }));
    for (const value of [undefined, null, {}, 'text']) {
      expect(() => build(value, ...changes)).toThrow(
        expect.objectContaining({
          name: 'ConflictingMutationsError',
          message: `two mutations write ${path}`,
        }),
      );
    }
    expect(() => build({}, ...changes)).toThrow(ConflictingMutationsError);
  });

  it.each([
    {
      paths: [
        ['a', 'b'],
        ['a', 'c'],
      ],
    },
    { paths: [['a'], ['ab']] },
    { paths: [['a'], ['a.b']] },
  ])('are not: $paths', ({ paths }) => {
    const changes = paths.map((path) => ({ kind: 'set' as const, path, value: 1 }));
    expect(build({ a: {} }, ...changes)).toHaveLength(2);
  });
});

describe('a patch that is carried out', () => {
  const change = (path: string, value: unknown): PatchOperation => ({ op: 'add', path, value });

  it('sets fields, makes the maps that they need, and shares the rest', () => {
    const object = { a: { b: 1 }, same: { c: 1 } };
    const after = applyOwn(object, [change('/a/b', 2), change('/a/x~1y/z', 3), change('/list', [1])]);
    expect(after).toEqual({ a: { b: 2, 'x/y': { z: 3 } }, same: { c: 1 }, list: [1] });
    expect(isMap(after) && after['same']).toBe(object.same);
    expect(object).toEqual({ a: { b: 1 }, same: { c: 1 } });
  });

  it('puts a map in the place of what is none', () => {
    expect(applyOwn({ a: null }, [change('/a/b', 1)])).toEqual({ a: { b: 1 } });
    expect(applyOwn(undefined, [change('/a', 1)])).toEqual({ a: 1 });
    expect(applyOwn({ a: 1 }, [])).toEqual({ a: 1 });
  });
});
