import fc from 'fast-check';
import { RE2Set } from 're2js';
import { describe, expect, it } from 'vitest';
import { isTooLong, MAX_PATTERN_LENGTH, re2Problem } from '../../src/formats/re2.ts';

describe('re2Problem', () => {
  it.each([
    'eth.*',
    'eth0,eth1',
    '^((en|wl|ww|sl|ib)[Popsx].*|(eth|wlan|wwan).*)',
    '(?P<name>a)(?<name>b)',
    '[[:alpha:]_-]+',
    '[[:]',
    '\\p{greek}\\p{Uppercase_Letter}\\pL',
    '\\Q*\\E\\A\\z',
    '(?i)[\\x{41}-\\x{1e942}]',
    '\ud800',
    '[\udc00-\ud800]',
    '',
    'a'.repeat(MAX_PATTERN_LENGTH),
  ])('accepts %j', (pattern) => {
    expect(re2Problem(pattern)).toBeUndefined();
  });

  it.each([
    { pattern: 'a(?=b)', problem: 'invalid or unsupported Perl syntax' },
    { pattern: '(?<!a)', problem: 'invalid named capture' },
    { pattern: '(a)\\1', problem: 'invalid escape sequence' },
    { pattern: 'a**', problem: 'invalid nested repetition operator' },
    { pattern: 'a{1001}', problem: 'invalid repeat count' },
    { pattern: '(a{100}){11}', problem: 'invalid repeat count' },
    { pattern: '*', problem: 'missing argument to repetition operator' },
    { pattern: '(eth', problem: 'missing closing )' },
    { pattern: 'eth)', problem: 'unexpected )' },
    { pattern: '[eth', problem: 'missing closing ]' },
    { pattern: '[z-a]', problem: 'invalid character class range' },
    { pattern: '\\p{Klingon}', problem: 'invalid character class range' },
    { pattern: '\\x{1,2}', problem: 'invalid escape sequence' },
    { pattern: 'a\\', problem: 'trailing backslash at end of expression' },
    { pattern: '(?P<\ud800>a)', problem: 'invalid named capture' },
  ])('reports what is wrong with $pattern', ({ pattern, problem }) => {
    expect(re2Problem(pattern)).toBe(problem);
  });

  it.each([
    { name: 'names, however many', pattern: 'eth0,'.repeat(400), isLeftAlone: false },
    { name: 'the longest that is looked at', pattern: '('.repeat(MAX_PATTERN_LENGTH), isLeftAlone: false },
    { name: 'a longer one, good', pattern: 'a|'.repeat(MAX_PATTERN_LENGTH), isLeftAlone: true },
    { name: 'a longer one, bad', pattern: '('.repeat(MAX_PATTERN_LENGTH + 1), isLeftAlone: true },
  ])('leaves what is too long alone: $name', ({ pattern, isLeftAlone }) => {
    expect(isTooLong(pattern)).toBe(isLeftAlone);
    if (isLeftAlone) expect(re2Problem(pattern)).toBeUndefined();
  });
});

describe('patterns that are not parsed', () => {
  const PARTS = ['a', '0', '_', '.', '.*', '.+', '.?', '^', '$', '|', '-', ',', ':'];

  it('are all taken by RE2, in any order of their parts', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PARTS), { maxLength: 30 }), (parts) => {
        const pattern = parts.join('');
        expect(re2Problem(pattern)).toBeUndefined();
        expect(() => new RE2Set().add(pattern)).not.toThrow();
      }),
      { numRuns: 3000 },
    );
  });

  it.each(['*', '^*', '$+', '|?', '.**', '.*+', '.+*', 'a|*', '.{2', '(.*', '.*)', '[a', 'eth.*\\'])(
    'are not those that begin like one: %s',
    (pattern) => {
      const compile = () => new RE2Set().add(pattern);
      if (re2Problem(pattern) === undefined) expect(compile).not.toThrow();
      else expect(compile).toThrow();
    },
  );
});
