import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSelector } from '../../src/formats/selector.ts';

describe('a selector that libcalico-go accepts', () => {
  it.each([
    '',
    ' \t ',
    'all()',
    'all( )',
    'global()',
    'has(region)',
    'has( projectcalico.org/name )',
    'has(calico/k8s_NS-.1/role)',
    '!has(region)',
    '! ! all()',
    'region == "east"',
    "region == 'east'",
    'region=="east"',
    'region != "east"',
    'region in {"east", "west"}',
    'region in{"east"}',
    'region in {}',
    'region in {"east",}',
    'region not in {"east"}',
    'region notin {"east"}',
    'region contains "as"',
    'region contains"as"',
    'region starts with "e"',
    'region startswith "e"',
    'region ends \t with "t"',
    'region == "east" && environment == "production"',
    'region == "east" || has(edge) && !all()',
    '((region == "east"))',
    '!(a == "b" || c == "d") && e == "f"',
    'all == "x"',
    'has == "x"',
    'in in {"in"}',
    'contains contains "contains"',
    'a == "it is \'quoted\' && fine"',
    'a == ""',
    'a == "ünïcode"',
  ])('%s', (text) => {
    expect(readSelector(text)).toHaveProperty('usesGlobal');
  });

  it.each([
    { text: 'global()', wanted: true },
    { text: 'global() || a == "b"', wanted: true },
    { text: '!( global( ) )', wanted: true },
    { text: 'all()', wanted: false },
    { text: 'a == "global()"', wanted: false },
    { text: 'global == "b"', wanted: false },
  ])('$text: global() is $wanted', ({ text, wanted }) => {
    expect(readSelector(text)).toMatchObject({ usesGlobal: wanted });
  });
});

describe('labels of a selector', () => {
  it.each([
    { text: '', wanted: [] },
    { text: 'all() || global()', wanted: [] },
    { text: "has( a ) && !(b in {'x'} || c.d/e starts with 'all')", wanted: ['a', 'b', 'c.d/e'] },
    { text: "all == 'has(x)' || a != 'b' || a not in {}", wanted: ['all', 'a', 'a'] },
  ])('$text', ({ text, wanted }) => {
    expect(readSelector(text)).toMatchObject({ labels: wanted });
  });
});

describe('a selector that libcalico-go rejects', () => {
  it.each([
    { text: 'this is not valid selector syntax', kind: 'operator-missing', at: 5 },
    { text: 'region', kind: 'operator-missing', at: 6 },
    { text: `has(${'a'.repeat(513)})`, kind: 'label-too-long', at: 517 },
    { text: `${'a'.repeat(513)} == "b"`, kind: 'label-too-long', at: 513 },
    { text: 'region = "east"', kind: 'single-character-operator', at: 7 },
    { text: 'thing=hello &', kind: 'single-character-operator', at: 5 },
    { text: 'a == "b" & c == "d"', kind: 'single-character-operator', at: 9 },
    { text: 'a == "b" | c == "d"', kind: 'single-character-operator', at: 9 },
    { text: 'region == east', kind: 'string-missing', at: 10 },
    { text: 'region ==', kind: 'string-missing', at: 9 },
    { text: 'region == "east', kind: 'unterminated-string', at: 10 },
    { text: 'region == "east\'', kind: 'unterminated-string', at: 10 },
    { text: 'region in "east"', kind: 'set-missing', at: 10 },
    { text: 'region in {"east"', kind: 'set-missing', at: 17 },
    { text: 'region in {"east" "west"}', kind: 'set-missing', at: 18 },
    { text: 'region in {east}', kind: 'set-missing', at: 11 },
    { text: 'region in {,}', kind: 'set-missing', at: 11 },
    { text: 'region starts "e"', kind: 'operator-missing', at: 7 },
    { text: 'region starts\nwith "e"', kind: 'operator-missing', at: 7 },
    { text: 'region not "e"', kind: 'operator-missing', at: 7 },
    { text: 'region is "e"', kind: 'operator-missing', at: 7 },
    { text: 'has()', kind: 'bad-call', at: 4 },
    { text: 'has(region', kind: 'bad-call', at: 10 },
    { text: 'has(a b)', kind: 'bad-call', at: 6 },
    { text: 'all(1)', kind: 'bad-call', at: 4 },
    { text: 'all ()', kind: 'operator-missing', at: 4 },
    { text: 'all()all()', kind: 'unexpected', at: 5 },
    { text: 'all() has(a)', kind: 'unexpected', at: 6 },
    { text: 'a == "b" &&', kind: 'expression-missing', at: 11 },
    { text: '&& a == "b"', kind: 'expression-missing', at: 0 },
    { text: '!', kind: 'expression-missing', at: 1 },
    { text: '!= "b"', kind: 'expression-missing', at: 1 },
    { text: 'a !== "b"', kind: 'string-missing', at: 4 },
    { text: '()', kind: 'expression-missing', at: 1 },
    { text: '(all()', kind: 'unbalanced', at: 6 },
    { text: 'all())', kind: 'unbalanced', at: 5 },
    { text: ')', kind: 'expression-missing', at: 0 },
    { text: 'all()\n', kind: 'unexpected', at: 5 },
    { text: '\nall()', kind: 'expression-missing', at: 0 },
    { text: 'not (a == "b")', kind: 'operator-missing', at: 4 },
    { text: 'region == "east" and has(edge)', kind: 'unexpected', at: 17 },
    { text: '"east" == region', kind: 'expression-missing', at: 0 },
    { text: '"east', kind: 'unterminated-string', at: 0 },
    { text: 'ä == "b"', kind: 'expression-missing', at: 0 },
  ])('$text: $kind', ({ text, kind, at }) => {
    expect(readSelector(text)).toEqual({ problem: { kind, at } });
  });
});

/** Tokens, as one letter each for the oracle. */
const TOKENS: readonly (readonly [string, string])[] = [
  ['T', 'all()'],
  ['T', 'global()'],
  ['T', 'has(region)'],
  ['L', 'region'],
  ['o', '=='],
  ['o', '!='],
  ['o', 'contains'],
  ['o', 'starts with'],
  ['i', 'in'],
  ['i', 'not in'],
  ['s', '"east"'],
  ['s', "'it'"],
  ['{', '{'],
  ['}', '}'],
  [',', ','],
  ['!', '!'],
  ['(', '('],
  [')', ')'],
  ['&', '&&'],
  ['&', '||'],
];
/** Words are operators only behind a label; elsewhere the tokenizer takes them for labels. */
const WORDS = ['contains', 'starts with', 'in', 'not in'];

function isValid(tokens: readonly (readonly [string, string])[]): boolean {
  let before = '';
  let letters = '';
  for (const [letter, text] of tokens) {
    const isLabel = WORDS.includes(text) && before !== 'L';
    before = isLabel ? 'L' : letter;
    letters += isLabel ? 'L'.repeat(text.split(' ').length) : letter;
  }
  if (letters === '') return true;
  // Two words behind each other: the second one is an operator again.
  if (/LL/.test(letters)) return false;
  let reduced = letters.replaceAll(/Los/g, 'T').replaceAll(/Li\{(?:s,)*s?\}/g, 'T');
  for (let last = ''; last !== reduced; ) {
    last = reduced;
    reduced = reduced.replaceAll('!T', 'T').replaceAll('(T)', 'T').replaceAll('T&T', 'T');
  }
  return reduced === 'T';
}

describe('readSelector', () => {
  it('accepts and rejects rows of tokens as the grammar does', () => {
    const likely = TOKENS.filter(([letter]) => 'T&!()'.includes(letter));
    const token = fc.oneof(fc.constantFrom(...TOKENS), fc.constantFrom(...likely));
    const property = fc.property(fc.array(token, { maxLength: 9 }), (tokens) => {
      const texts = tokens.map(([, text]) => text);
      // Which operator a word after an operator word is, only Calico's tokenizer knows.
      fc.pre(!texts.some((text, index) => WORDS.includes(text) && WORDS.includes(texts[index - 1] ?? '')));
      expect('usesGlobal' in readSelector(texts.join(' ')), texts.join(' ')).toBe(isValid(tokens));
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('accepts whatever the grammar can write', () => {
    const label = fc.stringMatching(/^[a-zA-Z0-9_./-]{1,12}$/);
    const string = fc.stringMatching(/^[^"]{0,8}$/).map((text) => `"${text}"`);
    const comparison = fc
      .tuple(label, fc.constantFrom('==', '!=', 'contains', 'starts with', 'ends with'), string)
      .map((parts) => parts.join(' '));
    const set = fc
      .tuple(label, fc.constantFrom('in', 'not in'), fc.array(string, { maxLength: 3 }))
      .map(([name, operator, values]) => `${name} ${operator} {${values.join(',')}}`);
    const { selector } = fc.letrec<{ selector: string }>((tie) => ({
      selector: fc.oneof(
        { maxDepth: 4 },
        comparison,
        set,
        label.map((name) => `has(${name})`),
        fc.constant('all()'),
        tie('selector').map((inner) => `!${inner}`),
        tie('selector').map((inner) => `( ${inner} )`),
        fc
          .tuple(tie('selector'), fc.constantFrom('&&', '||'), tie('selector'))
          .map((parts) => parts.join(' ')),
      ),
    }));
    const property = fc.property(selector, (text) => {
      expect(readSelector(text), text).toMatchObject({ usesGlobal: false });
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('never throws, and names a place within the text', () => {
    const codes = fc.array(fc.nat(0xffff), { maxLength: 200 });
    const property = fc.property(codes, (units) => {
      const text = String.fromCharCode(...units);
      const selector = readSelector(text);
      if (!('problem' in selector)) return;
      expect(selector.problem.at).toBeGreaterThanOrEqual(0);
      expect(selector.problem.at).toBeLessThanOrEqual(text.length);
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
