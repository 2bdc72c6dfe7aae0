import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTooLongForGo, parseDuration } from '../../src/formats/duration.ts';

const ANY_TEXT = fc.array(fc.nat(0xffff), { maxLength: 80 }).map((codes) => String.fromCharCode(...codes));

describe('parseDuration', () => {
  it.each([
    { text: '0', wanted: 0 },
    { text: '0s', wanted: 0 },
    { text: '90s', wanted: 90_000 },
    { text: '1m30s', wanted: 90_000 },
    { text: '1.5s', wanted: 1500 },
    { text: '.5s', wanted: 500 },
    { text: '1.1s', wanted: 1100 },
    { text: '0.29s', wanted: 290 },
    { text: '4.35m', wanted: 261_000 },
    { text: '1.s', wanted: 1000 },
    { text: '-1.5h', wanted: -5_400_000 },
    { text: '+1ms', wanted: 1 },
    { text: '2us', wanted: 0.002 },
    { text: '2µs', wanted: 0.002 },
    { text: '2μs', wanted: 0.002 },
    { text: '5ns', wanted: 0.000005 },
    { text: '1h2m3s4ms', wanted: 3_723_004 },
    { text: '', wanted: undefined },
    { text: '-', wanted: undefined },
    { text: '90', wanted: undefined },
    { text: 's', wanted: undefined },
    { text: '.s', wanted: undefined },
    { text: '1 s', wanted: undefined },
    { text: '1d', wanted: undefined },
    { text: '1S', wanted: undefined },
    { text: '1s2', wanted: undefined },
    { text: '--1s', wanted: undefined },
    { text: '1e3s', wanted: undefined },
    { text: '2562048h', wanted: undefined },
    { text: `${'0'.repeat(70)}1s`, wanted: undefined },
  ])('$text: $wanted', ({ text, wanted }) => {
    expect(parseDuration(text)).toBe(wanted);
  });

  it('adds up its parts, whatever their order', () => {
    const part = fc.tuple(fc.nat(9999), fc.constantFrom('ms', 's', 'm', 'h'));
    const worth = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
    const property = fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const sum = parts.reduce((total, [count, unit]) => total + count * worth[unit], 0);
      expect(parseDuration(parts.map((each) => each.join('')).join(''))).toBe(sum);
    });
    fc.assert(property);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(ANY_TEXT, (text) => {
        const length = parseDuration(text);
        expect(length === undefined || Number.isFinite(length)).toBe(true);
      }),
    );
  });
});

describe('isTooLongForGo', () => {
  it.each([
    { text: '2562048h', wanted: true },
    { text: '-2562048.5h', wanted: true },
    { text: '2562000h', wanted: false },
    { text: '99999999999999999999999999d', wanted: false },
    { text: '99999999999999999999999999', wanted: false },
    { text: '', wanted: false },
    { text: '0', wanted: false },
  ])('$text: $wanted', ({ text, wanted }) => {
    expect(isTooLongForGo(text)).toBe(wanted);
  });
});
