import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { readTree, type SyntaxProblem, type Tree } from '../../src/check/tree.ts';
import type { FieldPath } from '../../src/policy/field-path.ts';
import { deepEqual, MAX_DEPTH } from '../../src/policy/json.ts';
import { renderMessage } from '../../src/policy/message.ts';
import { timesAsMuch } from '../support/pace.ts';
import { readValue } from './reading.ts';

function readGood(text: string): Tree {
  const tree = readTree(text);
  if ('problem' in tree) throw new Error(tree.problem);
  return tree;
}

function readBad(text: string): SyntaxProblem {
  const tree = readTree(text);
  if (!('problem' in tree)) throw new Error('it was read');
  return tree;
}

/** Every path of a value, from the outside in. */
function* pathsOf(value: unknown, path: FieldPath = []): Generator<FieldPath> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield* pathsOf(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

// The writer leaves line ends of YAML 1.1 without quotes, and Kubernetes reads them as such.
const hasLineEnd = (text: string) => /[\u0085\u2028\u2029]/.test(text);
const TEXT = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !hasLineEnd(text)),
  fc.constantFrom(
    'yes',
    '010',
    '1e3',
    'null',
    '<<',
    '',
    ' x ',
    'a: b',
    '- a',
    '#',
    '__proto__',
    '2001-01-01',
    '{{ x }}',
  ),
);
// The writer does not quote it, and it would be read as a merge.
const KEY = TEXT.filter((text) => text !== '<<');
const VALUE = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    TEXT,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(KEY, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;
const STYLE = fc.record({
  indent: fc.constantFrom(2, 3, 4),
  indentSeq: fc.boolean(),
  lineWidth: fc.constantFrom(0, 20, 80),
  defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL'),
  defaultKeyType: fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE'),
  collectionStyle: fc.constantFrom('any', 'flow'),
});

describe('any object', () => {
  it('comes back from any style, and each path has its place', () => {
    fc.assert(
      fc.property(
        fc.dictionary(KEY, VALUE, { maxKeys: 5, noNullPrototype: true }),
        STYLE,
        (object, style) => {
          const value: unknown = JSON.parse(JSON.stringify(object));
          // As people's tools write it: quoted where YAML 1.1 would read something else.
          const text = stringify(value, { version: '1.1', ...style } as object);
          // In brackets a ? is a mark, and so is a colon at the start of a word; the writer leaves both without quotes.
          fc.pre(style.collectionStyle !== 'flow' || !/\?|[\s[{,]:\S/.test(text));
          // The writer gets some spaces at the start of a block wrong.
          fc.pre(deepEqual(parse(text, { version: '1.1', merge: false }), value));
          const tree = readTree(text);
          // The writer leaves in what YAML does not allow, such as control characters in a block.
          if ('problem' in tree && /control character/.test(tree.problem)) return;
          expect(readValue(tree)).toEqual(value);
          for (const path of pathsOf(value)) {
            const place = readGood(text).find(path);
            expect(place, JSON.stringify(path)).toBeDefined();
            const { start = -1, end = -1 } = place?.node ?? {};
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeLessThanOrEqual(text.length);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('comes back from JSON', () => {
    fc.assert(
      fc.property(fc.object(), fc.constantFrom(0, 2, '\t'), (object, space) => {
        const text = JSON.stringify(object, null, space);
        const tree = readTree(text);
        if ('problem' in tree && /control character/.test(tree.problem)) return;
        expect(readValue(tree)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('never throws', () => {
    const piece = fc.constantFrom(
      ...'abc:-[]{}&*!|>\'"#%@`,? \n\t\\01<~',
      '---',
      '<<',
      '&a ',
      '*a',
      '{{',
      '\r\n',
    );
    const junk = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(junk, (text) => {
        const tree = readTree(text);
        if (!('problem' in tree)) return;
        expect(tree.problem).toMatch(/^[^;]+$/);
        expect(tree.advice).toMatch(/^[^;]+$/);
        expect(renderMessage(tree).length).toBeLessThanOrEqual(200);
        expect(tree.start).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what would be too much', () => {
  it('is reported for nesting, before a recursive function gets it', () => {
    const nest = (depth: number) => `a: ${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(readValue(readTree(nest(MAX_DEPTH - 1)))).toBeDefined();
    expect(readBad(nest(MAX_DEPTH))).toMatchObject({
      problem: 'nested too deeply, more than 256 levels',
      start: 3 + MAX_DEPTH - 1,
    });
    expect(readBad(nest(100_000)).problem).toMatch(/^nested too deeply/);
    const blocks = Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('');
    expect(readBad(blocks).problem).toMatch(/^nested too deeply/);
  });

  it('is reported for aliases of aliases', () => {
    const lines = Array.from({ length: 30 }, (_, index) =>
      index === 0 ? 'a0: &a0 [x, x]' : `a${index}: &a${index} [*a${index - 1}, *a${index - 1}]`,
    );
    expect(renderMessage(readBad(lines.join('\n')))).toMatch(
      /^the aliases expand to too many values \(got "\*a\d+"\)/,
    );
  });

  it('is reported for nested aliases', () => {
    const lines = Array.from({ length: 400 }, (_, index) =>
      index === 0 ? 'a0: &a0 [x]' : `a${index}: &a${index} [*a${index - 1}]`,
    );
    expect(readBad(lines.join('\n')).problem).toMatch(/^the aliases expand to too many values/);
  });

  it('is not reported for usual files', () => {
    const anchor = `x: &labels {${Array.from({ length: 50 }, (_, key) => `k${key}: v`).join(', ')}}\n`;
    const uses = Array.from({ length: 500 }, (_, use) => `u${use}: *labels`).join('\n');
    expect(readTree(anchor + uses)).not.toHaveProperty('problem');
  });
});

describe('places', () => {
  const shared = 'a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n';

  it.each<{ text: string; path: FieldPath; at: string; isShared?: boolean }>([
    { text: 'a:\n  b: 1\n', path: ['a', 'b'], at: '1' },
    { text: 'a: [x, {b: y}]', path: ['a', 1, 'b'], at: 'y' },
    { text: 'a: 1\na: 2\n', path: ['a'], at: '2' },
    { text: 'yes: x\n', path: ['true'], at: 'x' },
    { text: '"a": \'x y\'\n', path: ['a'], at: "'x y'" },
    { text: shared, path: ['a', 'b'], at: '1' },
    { text: shared, path: ['c', 'b'], at: '1', isShared: true },
    { text: shared, path: ['c'], at: '*x' },
    { text: shared, path: ['d', 'b'], at: '1', isShared: true },
    { text: shared, path: ['d', 'e'], at: '2' },
  ])('$path of $text', ({ text, path, at, isShared = false }) => {
    const place = readGood(text).find(path);
    const { start = 0, end = 0 } = place?.node ?? {};
    expect({ at: text.slice(start, end), isShared: place?.isShared }).toEqual({ at, isShared });
  });

  it.each<{ text: string; path: FieldPath }>([
    { text: 'a: 1', path: ['b'] },
    { text: 'a: 1', path: ['a', 'b'] },
    { text: 'a: [1]', path: ['a', 1] },
    { text: 'a: [1]', path: ['a', '0'] },
    { text: 'a: {}', path: ['a', 0] },
    { text: 'a: 1', path: ['__proto__'] },
  ])('nothing at $path of $text', ({ text, path }) => {
    expect(readGood(text).find(path)).toBeUndefined();
  });

  it('are found among many as fast as among few', () => {
    // Many findings in a map of many keys would else take the one times the other.
    const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}`);
    const tree = readGood(keys.map((key) => `${key}: 1\n`).join(''));
    const find = (names: readonly string[]) => {
      for (const key of names) expect(tree.find([key])?.pair?.key).toHaveProperty('source', key);
    };
    const [first, last] = [keys.slice(0, 1000), keys.slice(-1000)];
    expect(
      timesAsMuch(
        () => find(last),
        () => find(first),
      ),
    ).toBeLessThan(10);
  });

  it('names keys written twice, each with its last place', () => {
    const text = 'a: 1\nb: {c: 1, c: 2}\na: 3\n';
    const found = readGood(text).duplicates.map(({ path, start }) => ({ path, start }));
    expect(found).toEqual([
      { path: ['b', 'c'], start: text.indexOf('c: 2') },
      { path: ['a'], start: text.lastIndexOf('a') },
    ]);
    expect(readGood('x: &x {a: 1}\ny: {<<: *x, a: 2}\n').duplicates).toEqual([]);
  });
});

describe('what is not YAML', () => {
  it.each<{ text: string; message: string; at: number }>([
    {
      text: 'a: [1\nb: 2\n',
      message: 'not YAML: a ] or a comma is missing (got "b: 2"); add it, here or in the lines before',
      at: 6,
    },
    {
      text: 'a: b: c\n',
      message:
        'not YAML: a second key is not allowed in one line (got "b: c"); put the value in quotes, or begin a new line',
      at: 3,
    },
    {
      text: 'a:\n\tb: 1\n',
      message: 'not YAML: tabs are not allowed as indentation (got "\\u0009b: 1"); indent with spaces',
      at: 3,
    },
    { text: 'a: *b\n', message: 'the alias has no anchor (got "*b"); write the anchor before it', at: 3 },
    {
      text: 'a: .inf\n',
      message: 'the number cannot be written in JSON (got ".inf"); correct it, or put it in quotes',
      at: 3,
    },
    {
      text: 'a: !!int x\n',
      message: 'the value does not match its tag !!int (got "x"); correct it, or put it in quotes',
      at: 9,
    },
    { text: '[a]: b\n', message: 'a key must be a string (got a list); put it in quotes', at: 0 },
    {
      text: '<<: 1\n',
      message: '<< merges only maps (got "<<"); write an alias of a map, or a list of them',
      at: 0,
    },
    {
      text: 'a: \u0007\n',
      message: 'the control character U+0007 is not allowed; remove it, or escape it in quotes',
      at: 3,
    },
    {
      text: 'a:\n  b: 1\n c: 2\n',
      message:
        'not YAML: no line before it has this indentation (got "c: 2"); use the indentation of the lines around it',
      at: 11,
    },
    {
      text: ' a: 1\nb: 2\n',
      message:
        'not YAML: the line is indented less than the first one (got "b: 2"); indent it like the first line, because kubectl reads only that line',
      at: 6,
    },
    {
      text: '{"a": 1}x\n',
      message: 'not YAML: text after the end of the value (got "x"); remove it',
      at: 8,
    },
    {
      text: 'a\nb: 1\n',
      message:
        'not YAML: a colon is missing (got "a"); add it, or look for a missing quote in the lines before it',
      at: 0,
    },
    {
      text: "a: 1\nb: 'c\nd: 2\n",
      message: 'not YAML: the closing quote is missing (got "\'c"); add it',
      at: 8,
    },
    {
      text: 'a: "\\d"\n',
      message:
        'not YAML: this escape is not allowed in double quotes (got "\\\\d\\""); write the backslash twice, or use single quotes',
      at: 4,
    },
    {
      text: 'a: {b: 1\n',
      message:
        'not YAML: a } or a comma is missing, and the text ends here; add it, here or in the lines before',
      at: 7,
    },
    {
      text: 'a: @b\n',
      message: 'not YAML: a value cannot begin with this character (got "@b"); put the value in quotes',
      at: 3,
    },
    {
      text: 'a: - b\n',
      message: 'not YAML: a list is not allowed in the line of its key (got "- b"); begin a new line',
      at: 3,
    },
    {
      text: 'a: ]\n',
      message: 'not YAML: a value is missing (got "]"); add it, or put the text in quotes',
      at: 3,
    },
    {
      text: 'a: | b\n',
      message:
        'not YAML: no text is allowed in the line of | or > (got "| b"); begin a new line, or put the value in quotes',
      at: 3,
    },
    {
      text: '%TAG ! x\n',
      message: 'not YAML: a line cannot begin with % (got "%TAG ! x"); remove the line',
      at: 0,
    },
    {
      text: 'a: 1\n...\nb: 2\n',
      message: 'the text after a line of ... is ignored; begin each document with a line of ---',
      at: 9,
    },
  ])('$text', ({ text, message, at }) => {
    const found = readBad(text);
    expect([renderMessage(found), found.start]).toEqual([message, at]);
  });
});
