import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { re2Matches } from '../../src/formats/re2.ts';

const STANDARD = '^((en|wl|ww|sl|ib)[Popsx].*|(eth|wlan|wwan|bond).*)';

describe('re2Matches', () => {
  it.each([
    { pattern: STANDARD, text: 'enP53091s1np0', wanted: true },
    { pattern: STANDARD, text: 'eth0', wanted: true },
    { pattern: STANDARD, text: 'cali0123456789a', wanted: false },
    { pattern: STANDARD.replace('P', ''), text: 'enP53091s1np0', wanted: false },
    { pattern: 'P', text: 'enP1s1', wanted: true },
    { pattern: 'p1', text: 'enP1s1', wanted: false },
    { pattern: '^en', text: 'xen0', wanted: false },
    { pattern: 'n0$', text: 'xen0', wanted: true },
    { pattern: '', text: 'eth0', wanted: true },
    { pattern: '.*', text: '', wanted: true },
    { pattern: '^(?:eth|bond)\\d+$', text: 'bond0', wanted: true },
    { pattern: '[^e]', text: 'e', wanted: false },
    { pattern: '\\.', text: 'eth0.7', wanted: true },
    // Rejected by Go, or not evaluated.
    { pattern: '*', text: 'eth0', wanted: undefined },
    { pattern: '(', text: 'eth0', wanted: undefined },
    { pattern: '(?!cali)', text: 'eth0', wanted: undefined },
    { pattern: '(?i)ETH', text: 'eth0', wanted: undefined },
    { pattern: '\\pL', text: 'eth0', wanted: undefined },
    { pattern: '[[:alpha:]]', text: 'eth0', wanted: undefined },
    { pattern: 'e{1000}', text: 'eth0', wanted: undefined },
    { pattern: 'ü', text: 'eth0', wanted: undefined },
    { pattern: 'e'.repeat(801), text: 'eth0', wanted: undefined },
  ])('$pattern in $text: $wanted', ({ pattern, text, wanted }) => {
    expect(re2Matches(pattern, text)).toBe(wanted);
  });

  it('agrees with JavaScript on what both support', () => {
    const piece = fc.constantFrom(
      'e',
      'n',
      'P',
      '.',
      '[a-f]',
      '[^n]',
      'e*',
      'n?',
      'P+',
      '(en|P)',
      '(?:e)',
      '^',
      '$',
      '\\d',
      '\\w',
      '|',
    );
    const pattern = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
    const text = fc
      .array(fc.constantFrom('e', 'n', 'P', '1', 's'), { maxLength: 8 })
      .map((parts) => parts.join(''));
    const property = fc.property(pattern, text, (each, name) => {
      expect(re2Matches(each, name), `${each} in ${name}`).toBe(new RegExp(each).test(name));
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('never throws', () => {
    const any = fc.array(fc.nat(0x7f), { maxLength: 60 }).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(any, (pattern) => {
        expect([true, false, undefined]).toContain(re2Matches(pattern, 'enP1s1'));
      }),
    );
  });
});
