import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boundGot,
  describe as describeValue,
  escapeInvisible,
  listAlternatives,
  MAX_QUOTED,
  quote,
  renderMarkdown,
  renderMessage,
  truncate,
} from '../../src/policy/message.ts';
import { anyText } from '../support/any-text.ts';

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
/** Text that tries: control characters, lone surrogates, quotes, emoji, ordinary letters. */
const nasty = fc.oneof(
  anyText(100),
  fc.string({
    unit: fc.constantFrom('a', '"', '\\', '\n', '\u202e', '\ud83d', '\ude00', '😀', 'é', '\u{e0001}'),
    maxLength: 100,
  }),
);

describe('quote', () => {
  it.each([
    { name: 'nothing', text: '', quoted: '""' },
    { name: 'a word', text: 'bird', quoted: '"bird"' },
    { name: 'quotes and backslashes', text: 'a"b\\c', quoted: '"a\\"b\\\\c"' },
    { name: 'other scripts', text: 'Zürich 東京 😀', quoted: '"Zürich 東京 😀"' },
    { name: 'a line break', text: 'a\nb', quoted: '"a\\u000ab"' },
    { name: 'an escape sequence', text: '\u001b[31m', quoted: '"\\u001b[31m"' },
    { name: 'a right-to-left override', text: '\u202eabc', quoted: '"\\u202eabc"' },
    { name: 'a line separator', text: '\u2028\u2029', quoted: '"\\u2028\\u2029"' },
    { name: 'half of a pair', text: 'a\ud83d', quoted: '"a\\ud83d"' },
    { name: 'the first and the last of the halves', text: '\ud800-\udfff', quoted: '"\\ud800-\\udfff"' },
    { name: 'the neighbours of the halves', text: '\ud7fb-\uf900', quoted: '"\ud7fb-\uf900"' },
    { name: 'an invisible tag', text: '\u{e0001}', quoted: '"\\u{e0001}"' },
    { name: 'the last unassigned of two bytes', text: '\uffff', quoted: '"\\uffff"' },
    { name: 'the first private one beyond', text: '\u{100000}', quoted: '"\\u{100000}"' },
    { name: '62 letters', text: 'x'.repeat(62), quoted: `"${'x'.repeat(62)}"` },
    { name: '63 letters', text: 'x'.repeat(63), quoted: `"${'x'.repeat(61)}…"` },
    {
      name: 'a long escape that still fits',
      text: `${'x'.repeat(56)}\n`,
      quoted: `"${'x'.repeat(56)}\\u000a"`,
    },
    { name: 'a long escape that does not', text: `${'x'.repeat(57)}\n`, quoted: `"${'x'.repeat(57)}…"` },
    { name: 'a pair that still fits', text: `${'x'.repeat(60)}😀`, quoted: `"${'x'.repeat(60)}😀"` },
    { name: 'a pair that does not', text: `${'x'.repeat(61)}😀`, quoted: `"${'x'.repeat(61)}…"` },
    { name: 'a pair before the end', text: `${'x'.repeat(60)}😀x`, quoted: `"${'x'.repeat(60)}…"` },
  ])('writes $name', ({ text, quoted }) => {
    expect(quote(text)).toBe(quoted);
  });

  it('is never longer than 64 and never unprintable', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const quoted = quote(text);
        expect(quoted.length).toBeLessThanOrEqual(64);
        expect(quoted).not.toMatch(UNPRINTABLE);
        expect(quoted).toMatch(/^"(?:[^"\\]|\\["\\]|\\u[0-9a-f]{4}|\\u\{[0-9a-f]+\})*"$/);
      }),
    );
  });

  it('can be read back where nothing is cut', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const quoted = quote(text);
        fc.pre(!quoted.includes('…'));
        const read = quoted
          .slice(1, -1)
          .replace(/\\(?:(["\\])|u\{(\w+)\}|u(\w{4}))/g, (_all, plain, long, short) =>
            plain === undefined ? String.fromCodePoint(Number.parseInt(long ?? short, 16)) : plain,
          );
        expect(read).toBe(text);
      }),
    );
  });
});

describe('renderMessage', () => {
  const parts = { problem: 'not a backend', advice: 'use bird' };

  it.each<{ name: string; got?: unknown; text: string }>([
    { name: 'a text', got: 'x', text: 'not a backend (got "x"); use bird' },
    { name: 'a text with what ends a value', got: 'x); y', text: 'not a backend (got "x); y"); use bird' },
    { name: 'an empty text', got: '', text: 'not a backend (got ""); use bird' },
    { name: 'a number', got: 0, text: 'not a backend (got 0); use bird' },
    { name: 'null, which is written', got: null, text: 'not a backend (got null); use bird' },
    { name: 'a list by its kind', got: ['secret'], text: 'not a backend (got a list); use bird' },
    { name: 'a map by its kind', got: { password: 'x' }, text: 'not a backend (got a map); use bird' },
    { name: 'nothing of what is not written', got: undefined, text: 'not a backend; use bird' },
    { name: 'nothing of what is left out', text: 'not a backend; use bird' },
  ])('shows $name', ({ name: _name, text, ...got }) => {
    expect(renderMessage({ ...parts, ...got })).toBe(text);
  });

  it('is the same for a value that was cut before', () => {
    const value = fc.oneof(fc.jsonValue(), anyText(200));
    fc.assert(
      fc.property(value, (got) => {
        expect(renderMessage({ ...parts, got: boundGot(got) })).toBe(renderMessage({ ...parts, got }));
        expect(JSON.stringify(boundGot(got)).length).toBeLessThanOrEqual(6 * 70);
      }),
    );
  });
});

describe('renderMarkdown', () => {
  it.each([
    {
      got: '[a](https://x)',
      problem: 'no *such* thing',
      text: 'no \\*such\\* thing (got `"[a](https://x)"`)\n\n**Fix:** write eth.\\*',
    },
    { got: 'a`b``', problem: 'bad', text: 'bad (got ``` "a`b``" ```)\n\n**Fix:** write eth.\\*' },
    { got: undefined, problem: '<b>', text: '\\<b\\>\n\n**Fix:** write eth.\\*' },
  ])('lets no text be more than text: $got', ({ got, problem, text }) => {
    expect(renderMarkdown({ problem, got, advice: 'write eth.*' })).toBe(text);
  });
});

describe('describe', () => {
  it.each([
    { value: null, text: 'null' },
    { value: 'bird', text: '"bird"' },
    { value: 1440, text: '1440' },
    { value: true, text: 'true' },
    { value: ['secret'], text: 'a list' },
    { value: { password: 'secret' }, text: 'a map' },
  ])('calls $value $text', ({ value, text }) => {
    expect(describeValue(value)).toBe(text);
  });
});

describe('listAlternatives', () => {
  it.each([
    { values: [], text: '' },
    { values: ['a'], text: 'a' },
    { values: ['a', 'b'], text: 'a or b' },
    { values: ['a', 'b', 'c'], text: 'a, b or c' },
  ])('$text', ({ values, text }) => {
    expect(listAlternatives(values)).toBe(text);
  });
});

describe('truncate', () => {
  it.each([
    { text: 'abc', max: 3, expected: 'abc' },
    { text: 'abcd', max: 3, expected: 'ab…' },
    { text: 'abc', max: 1, expected: '…' },
    { text: '😀😀', max: 4, expected: '😀😀' },
    { text: 'a😀bc', max: 3, expected: 'a…' },
    { text: 'a😀bc', max: 4, expected: 'a😀…' },
    { text: 'a\u{10ffff}bc', max: 3, expected: 'a…' },
    { text: 'a\u{10000}bc', max: 3, expected: 'a…' },
    { text: 'a\ue000bc', max: 3, expected: 'a\ue000…' },
    { text: 'a\ud7ffbc', max: 3, expected: 'a\ud7ff…' },
  ])('cuts $text at $max', ({ text, max, expected }) => {
    expect(truncate(text, max)).toBe(expected);
  });

  it('keeps a beginning of whole characters', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '😀', 'é', '\u{10000}') });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (whole, max) => {
        const cut = truncate(whole, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        expect(cut).not.toMatch(/\p{Cs}/u);
        if (whole.length <= max) expect(cut).toBe(whole);
        else {
          expect(cut.endsWith('…')).toBe(true);
          expect(whole.startsWith(cut.slice(0, -1))).toBe(true);
          // Nothing more is lost than the room for the mark and half of a pair.
          expect(cut.length).toBeGreaterThanOrEqual(max - 1);
        }
      }),
    );
  });
});

describe('escapeInvisible', () => {
  it.each([
    { text: 'garden-dev/foo', escaped: 'garden-dev/foo' },
    { text: '', escaped: '' },
    { text: 'a"b\\c', escaped: 'a"b\\c' },
    { text: 'a\nb\u202ec\u2028', escaped: 'a\\u000ab\\u202ec\\u2028' },
    { text: 'x'.repeat(20), escaped: `${'x'.repeat(9)}…` },
  ])('$text', ({ text, escaped }) => {
    expect(escapeInvisible(text, text.startsWith('xx') ? 10 : 100)).toBe(escaped);
  });
});

it('of a value as much is kept as a message reads of it', () => {
  const long = 'x'.repeat(1000);
  expect(describeValue(boundGot(long))).toBe(describeValue(long));
  expect(String(boundGot(long)).length).toBeLessThan(80);
  expect(boundGot('x'.repeat(MAX_QUOTED))).toBe('x'.repeat(MAX_QUOTED));
  expect([boundGot([1, 2]), boundGot({ a: 1 }), boundGot(null), boundGot(7), boundGot(true)]).toEqual([
    ...[[], {}, null, 7, true],
  ]);
});
