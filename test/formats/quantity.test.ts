import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuantity } from '../../src/formats/quantity.ts';

const billion = 10n ** 9n;

describe('parseQuantity', () => {
  it.each([
    { value: null, sign: 0, isInteger: true, nanos: 0n },
    { value: 0, sign: 0, isInteger: true, nanos: 0n },
    { value: -0, sign: 0, isInteger: true, nanos: 0n },
    { value: 2, sign: 1, isInteger: true, nanos: 2n * billion },
    { value: 0.1, sign: 1, isInteger: false, nanos: billion / 10n },
    { value: 1e-7, sign: 1, isInteger: false, nanos: 100n },
    { value: 1e21, sign: 1, isInteger: true, nanos: 10n ** 30n },
    { value: -1.5, sign: -1, isInteger: false, nanos: (-3n * billion) / 2n },
    { value: '100m', sign: 1, isInteger: false, nanos: billion / 10n },
    { value: '1000m', sign: 1, isInteger: true, nanos: billion },
    { value: ' 1Gi ', sign: 1, isInteger: true, nanos: 2n ** 30n * billion },
    { value: '0.5Ki', sign: 1, isInteger: true, nanos: 512n * billion },
    { value: '0.1Ki', sign: 1, isInteger: false, nanos: 102_400_000_000n },
    { value: '-0', sign: 0, isInteger: true, nanos: 0n },
    { value: '-0.1n', sign: -1, isInteger: false, nanos: -1n },
    { value: '100Ei', sign: 1, isInteger: true, nanos: (2n ** 63n - 1n) * billion },
    { value: '1e2147483647', sign: 1, isInteger: true, nanos: undefined },
    { value: '1e-2000000000', sign: 1, isInteger: false, nanos: 1n },
    { value: 'Ki', sign: 0, isInteger: true, nanos: 0n },
  ])('reads $value', ({ value, ...wanted }) => {
    expect(parseQuantity(value)).toEqual(wanted);
  });

  it.each([
    undefined,
    true,
    {},
    [],
    ['1'],
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '',
    ' ',
    '1 Gi',
    '1GB',
    '1KB',
    '1_000',
    '\t1',
  ])('rejects %j', (value) => {
    expect(parseQuantity(value)).toBeUndefined();
  });

  it('reads millis exactly', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (millis) => {
        expect(parseQuantity(`${millis}m`)?.nanos).toBe(BigInt(millis) * 10n ** 6n);
      }),
    );
  });

  it('reads any JSON number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(parseQuantity(number)?.sign).toBe(Math.sign(number) + 0);
      }),
    );
  });
});
