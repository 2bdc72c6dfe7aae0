import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createPathNames,
  formatPath,
  formatPointer,
  isWithin,
  parsePointer,
} from '../../src/policy/field-path.ts';

describe('formatPath', () => {
  it.each([
    { name: 'nothing', path: [], text: '' },
    { name: 'names', path: ['spec', 'networking', 'type'], text: 'spec.networking.type' },
    { name: 'a position', path: ['spec', 'workers', 0, 'name'], text: 'spec.workers[0].name' },
    { name: 'positions in a row', path: ['a', 1, 2], text: 'a[1][2]' },
    { name: 'a position first', path: [3, 'a'], text: '[3].a' },
    { name: 'a key of digits', path: ['a', '0'], text: 'a.0' },
    { name: 'plain signs', path: ['a-b', 'c_d', 'e/f', '$g'], text: 'a-b.c_d.e/f.$g' },
    { name: 'a key with dots', path: ['a', 'nvidia.com/gpu', 'd'], text: 'a.nvidia.com/gpu.d' },
    { name: 'a dot at the beginning', path: ['a', '.b'], text: 'a[".b"]' },
    { name: 'a dot at the end', path: ['a', 'b.'], text: 'a["b."]' },
    { name: 'two dots in a row', path: ['a', 'b..c'], text: 'a["b..c"]' },
    { name: 'an odd sign after a dot', path: ['a', 'b.c!'], text: 'a["b.c!"]' },
    { name: 'an odd key first', path: ['b:c', 'd'], text: '["b:c"].d' },
    { name: 'a bracket', path: ['a[0]'], text: '["a[0]"]' },
    { name: 'an empty key', path: ['a', ''], text: 'a[""]' },
    { name: 'a colon', path: ['a: b'], text: '["a: b"]' },
    { name: 'an odd sign at the beginning', path: ['!a'], text: '["!a"]' },
    { name: 'an odd sign at the end', path: ['a!'], text: '["a!"]' },
    { name: 'a line break at the end', path: ['a\n'], text: '["a\\u000a"]' },
    { name: 'a key of 128 characters', path: ['x'.repeat(128)], text: 'x'.repeat(128) },
    { name: 'a longer key', path: ['x'.repeat(129)], text: `["${'x'.repeat(61)}…"]` },
  ])('prints $name', ({ path, text }) => {
    expect(formatPath(path)).toBe(text);
  });
});

describe('pointers', () => {
  it.each([
    { name: 'the whole', path: [], pointer: '' },
    { name: 'names and positions', path: ['a', 0, 'b'], pointer: '/a/0/b' },
    { name: 'an empty key', path: [''], pointer: '/' },
    { name: 'a slash', path: ['a/b'], pointer: '/a~1b' },
    { name: 'tildes', path: ['~a~'], pointer: '/~0a~0' },
    { name: 'what looks escaped', path: ['~1', '~01'], pointer: '/~01/~001' },
  ])('of $name', ({ path, pointer }) => {
    expect(formatPointer(path)).toBe(pointer);
    expect(parsePointer(pointer)).toEqual(path.map(String));
  });

  it('come back from their text', () => {
    const key = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('~', '/', '0', '1', 'a') }),
      fc.nat(),
    );
    fc.assert(
      fc.property(fc.array(key), (path) => {
        expect(parsePointer(formatPointer(path))).toEqual(path.map(String));
      }),
    );
  });
});

describe('names of paths', () => {
  it('are the same for the same path only', () => {
    const step = fc.oneof(fc.constantFrom('a', 'b', '0', '1', '11', '', ' '), fc.nat(12));
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 4 }), { minLength: 2 }), (paths) => {
        const nameOf = createPathNames();
        const names = new Set(paths.map(nameOf));
        expect(names.size).toBe(new Set(paths.map((path) => JSON.stringify(path))).size);
        expect(paths.map(nameOf).every((name) => names.has(name))).toBe(true);
      }),
    );
  });

  it('distinguish many steps', () => {
    const nameOf = createPathNames();
    const steps = Array.from({ length: 112 }, (_, at) => `s${at}`);
    const paths = steps.flatMap((a) => [[a], ...steps.map((b) => [a, b])]);
    expect(new Set(paths.map(nameOf)).size).toBe(paths.length);
  });

  it('are short, however long a step is', () => {
    expect(createPathNames()(['x'.repeat(100_000), 'y', 0]).length).toBeLessThan(10);
  });
});

describe('a path is within a place', () => {
  it.each([
    { path: ['a', 'b', 0], place: ['a', 'b', 0], within: true },
    { path: ['a', 'b', 0, 'c'], place: ['a', 'b', 0], within: true },
    { path: ['a', 'b'], place: [], within: true },
    { path: ['a', 'b'], place: ['a', 'b', 0], within: false },
    { path: ['a', 'c', 0], place: ['a', 'b', 0], within: false },
    { path: ['c', 'b', 0], place: ['a', 'b', 0], within: false },
    { path: ['a', '0'], place: ['a', 0], within: false },
  ])('$path in $place: $within', ({ path, place, within }) => {
    expect(isWithin(path, place)).toBe(within);
  });
});
