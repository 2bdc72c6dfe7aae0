import { describe, expect, it } from 'vitest';
import { MAX_PATTERN_LENGTH, re2Problem } from '../../src/formats/re2.ts';
import { readSelector } from '../../src/formats/selector.ts';
import { parseMegabyte, timesAsMuch } from '../support/pace.ts';

describe('readSelector', () => {
  it.each([
    ['parentheses', (count: number) => `${'('.repeat(count)}all()${')'.repeat(count)}`],
    ['negations', (count: number) => `${'!'.repeat(count)}all()`],
    ['open parentheses', (count: number) => '('.repeat(count)],
    ['blanks', (count: number) => `a${' '.repeat(count)}=`],
    ['words that begin operators', (count: number) => `a ${'starts '.repeat(count)}`],
    ['quotes', (count: number) => `a == "b" || ${'"'.repeat(count)}`],
    ['a set', (count: number) => `a in {${'"b", '.repeat(count)}}`],
  ])('takes time in proportion to the length: %s', (_name, write) => {
    const [short, long] = [write(2000), write(60_000)];
    const shorts = () => {
      for (let left = 30; left > 0; left -= 1) readSelector(short);
    };
    // As much text in all: thirty times the time would be quadratic.
    expect(timesAsMuch(() => readSelector(long), shorts, 8)).toBeLessThan(8);
  });
});

/** What made re2js slow, or comes closest to its limits. All of them are fine in Go. */
describe('re2Problem', () => {
  it.each([
    'a{1000}',
    'a{0,1000}',
    '(((a{10}){10}){10})',
    '(?i)[A-\u{1e942}]',
    '\\pL',
    '(?i:[[:^alpha:]\\W])',
    'ab|',
    '\\Qab\\E',
  ])('is quick with many of %s', (piece) => {
    expectQuick(piece.repeat(Math.floor(MAX_PATTERN_LENGTH / piece.length)));
  });

  it.each([
    { open: '(?:', piece: '()*', close: '){1000}' },
    { open: '(?:', piece: 'a|bc|', close: '){0,1000}' },
    { open: '[', piece: '\\pL', close: ']' },
  ])('is quick with $open$piece…$close', ({ open, piece, close }) => {
    const room = MAX_PATTERN_LENGTH - open.length - close.length;
    expectQuick(open + piece.repeat(Math.floor(room / piece.length)) + close);
  });

  it.each([
    { open: '(', close: ')*' },
    { open: '(a|b', close: ')*' },
    { open: '(?:', close: '){0,1}' },
  ])('is quick with $open nested', ({ open, close }) => {
    const depth = Math.floor((MAX_PATTERN_LENGTH - 1) / (open.length + close.length));
    expectQuick(`${open.repeat(depth)}a${close.repeat(depth)}`);
  });
});

function expectQuick(pattern: string): void {
  const run = () => expect(re2Problem(pattern)).toBeUndefined();
  expect(timesAsMuch(run, parseMegabyte)).toBeLessThan(14);
}
