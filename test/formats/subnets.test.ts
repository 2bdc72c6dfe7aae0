import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cidr, contains, formatCidr, overlaps, parseCidr } from '../../src/formats/cidr.ts';
import { parseSubnets } from '../../src/formats/subnets.ts';

function parse(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new Error(`${text} is no range`);
  return cidr;
}

describe('contains', () => {
  it.each([
    { outer: '10.0.0.0/8', inner: '10.1.0.0/16', expected: true },
    { outer: '10.0.0.0/8', inner: '10.0.0.0/8', expected: true },
    { outer: '10.1.0.0/16', inner: '10.0.0.0/8', expected: false },
    { outer: '10.0.0.0/8', inner: '11.0.0.0/16', expected: false },
    { outer: '0.0.0.0/0', inner: '255.255.255.255/32', expected: true },
    { outer: '0.0.0.0/0', inner: '::/0', expected: false },
    { outer: 'fd00:1234::/32', inner: 'fd00:1234:5600::/40', expected: true },
    { outer: 'fd00:1234:5600::/40', inner: 'fd00:1234::/32', expected: false },
  ])('$outer and $inner: $expected', ({ outer, inner, expected }) => {
    expect(contains(parse(outer), parse(inner))).toBe(expected);
  });

  const cidr = fc
    .tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }))
    .map(([address, prefix]) => parse(`${address}/${prefix}`));
  it('ranges overlap exactly where one contains the other', () => {
    fc.assert(
      fc.property(cidr, cidr, (a, b) => {
        expect(overlaps(a, b)).toBe(contains(a, b) || contains(b, a));
      }),
    );
  });
});

describe('parseSubnets', () => {
  it.each([
    { text: '10.244.0.0/16', expected: ['10.244.0.0/16'] },
    { text: '10.244.0.0/16,fd00::/56', expected: ['10.244.0.0/16', 'fd00::/56'] },
    { text: '10.244.0.0/16, fd00::/56', expected: ['10.244.0.0/16', 'fd00::/56'] },
    { text: 'x,10.244.0.0/16,', expected: ['10.244.0.0/16'] },
    { text: '', expected: [] },
  ])('$text', ({ text, expected }) => {
    expect(parseSubnets(text).map(formatCidr)).toEqual(expected);
  });

  it('does not read on for ever', () => {
    expect(parseSubnets('10.0.0.0/8,'.repeat(100_000)).length).toBeLessThan(20);
  });
});
