import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { autodetectionProblem } from '../../src/formats/autodetection.ts';
import { parseCidr, strictCidrProblem, strictIpProblem } from '../../src/formats/cidr.ts';
import { isDns1123Subdomain } from '../../src/formats/dns.ts';
import { parseAtoi } from '../../src/formats/mtu.ts';
import { nearest } from '../../src/formats/nearest.ts';
import { parseQuantity } from '../../src/formats/quantity.ts';
import { re2Problem } from '../../src/formats/re2.ts';
import { parseVersion } from '../../src/formats/version.ts';
import { anyText } from '../support/any-text.ts';
import { cost, parseMegabyte } from '../support/pace.ts';

const readers: { name: string; read: (text: string) => unknown }[] = [
  { name: 'parseCidr', read: parseCidr },
  { name: 'strictCidrProblem', read: strictCidrProblem },
  { name: 'strictIpProblem', read: strictIpProblem },
  { name: 'isDns1123Subdomain', read: isDns1123Subdomain },
  { name: 'parseQuantity', read: parseQuantity },
  { name: 'parseAtoi', read: parseAtoi },
  { name: 're2Problem', read: re2Problem },
  { name: 'autodetectionProblem', read: autodetectionProblem },
  { name: 'nearest', read: (text) => nearest(text, ['calico-ipam', 'host-local', text, `${text}x`]) },
  { name: 'parseVersion', read: parseVersion },
];

describe.each(readers)('$name', ({ read }) => {
  it('never throws', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        read(text);
      }),
    );
  });

  it('takes little time over a long text', () => {
    const pieces = [
      '0',
      '9',
      '1.',
      '.0',
      'f:',
      '::',
      '0:',
      '/',
      '-',
      'a-',
      'e9',
      'Ki',
      '(',
      '[',
      '\\',
      '{',
      '\u2003',
      '😀',
      '=',
    ];
    const limit = 14 * Math.min(cost(parseMegabyte), cost(parseMegabyte), cost(parseMegabyte));
    for (const piece of pieces) {
      const text = piece.repeat(100_000);
      for (const long of [text, `${text}!`, `1${text}`, `0.${text}Ei`, `::1/${text}`, `interface=${text}`]) {
        expect(
          Math.min(
            cost(() => read(long)),
            cost(() => read(long)),
          ),
        ).toBeLessThan(limit);
      }
    }
  });
});
