import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsExpression } from '../../src/check/unknown.ts';
import { autodetectionProblem } from '../../src/formats/autodetection.ts';
import { isAsNumber } from '../../src/formats/bgp.ts';
import { isCidr, parseNet } from '../../src/formats/cidr.ts';
import { parseDuration } from '../../src/formats/duration.ts';
import { parseIp } from '../../src/formats/ip.ts';
import { parseAtoi } from '../../src/formats/mtu.ts';
import { parsePeerAddress } from '../../src/formats/peer-address.ts';
import { portRangeProblem } from '../../src/formats/port-range.ts';
import { protocolProblem } from '../../src/formats/protocol.ts';
import { parseQuantity } from '../../src/formats/quantity.ts';
import { constraintOf } from './editor-formats.ts';
import { EXPRESSION } from './editor-schemas.ts';

// A pattern takes at least what the reader of the rules takes: what an editor underlines is wrong.

const READERS: Readonly<Record<string, (text: string) => boolean>> = {
  cidr: isCidr,
  net: (text) => parseNet(text) !== undefined,
  ip: (text) => parseIp(text)?.leadingZeros === false,
  'ipv4-or-empty': (text) => text === '' || isOf('IPv4', text),
  'ipv6-or-empty': (text) => text === '' || isOf('IPv6', text),
  'peer-address': (text) => parsePeerAddress(text) !== undefined,
  duration: (text) => parseDuration(text) !== undefined,
  'mtu-text': (text) => (parseAtoi(text) ?? -1n) >= 0n,
  'quantity-above-zero': (text) => parseQuantity(text)?.sign === 1,
  'port-range': (text) => portRangeProblem(text) === undefined,
  'as-number': isAsNumber,
  protocol: (text) => protocolProblem(text) === undefined,
  'gardener-autodetection-method': (text) => text === '' || autodetectionProblem(text) === undefined,
};

function isOf(family: 'IPv4' | 'IPv6', text: string): boolean {
  const ip = parseIp(text);
  return ip?.leadingZeros === false && (ip.mapped ? 'IPv4' : ip.family) === family;
}

const ADDRESSES = [
  '0.0.0.0',
  '10.0.0.0',
  '010.0.0.1',
  '192.0.2.255',
  '256.0.0.1',
  '::',
  'fd00::',
  '::ffff:10.0.0.1',
];
const LENGTHS = ['/0', '/8', '/008', '/032', '/33', '/128', '/129', ''];
const OTHERS =
  '. : [ ] - + = , 0 1 9 00 s ms us µs m h Ki Mi M k e E 1.5 .5 5. 10 TCP UDPLite 65535 65536 4294967295 first-found cidr= can-reach= interface= skip-interface= eth0 .* example.com';

const addresses = fc.constantFrom(...ADDRESSES);
const ranges = fc.tuple(addresses, fc.constantFrom(...LENGTHS)).map((parts) => parts.join(''));
/** Texts of pieces that these values are made of, so that many of them can be read. */
const others = fc.constantFrom(' ', '\u00a0', ...OTHERS.split(' '));
const texts = fc.oneof(
  ranges,
  others,
  fc.array(others, { maxLength: 3 }).map((pieces) => pieces.join('')),
  fc.tuple(others, ranges, others).map((pieces) => pieces.join('')),
  fc.tuple(others, ranges).map((pieces) => pieces.join('')),
);

function patternOf(format: string): RegExp {
  return new RegExp(String(constraintOf(format)['pattern']), 'u');
}

describe.each(Object.entries(READERS))('the pattern of %s', (format, takes) => {
  const pattern = patternOf(format);

  it('accepts what the rules accept', () => {
    let taken = 0;
    fc.assert(
      fc.property(texts, (text) => {
        if (!takes(text)) return;
        taken += 1;
        expect(text).toMatch(pattern);
      }),
      { numRuns: 4000 },
    );
    expect(taken).toBeGreaterThan(0);
  });

  it('rejects a typing error', () => {
    for (const text of ['x!', '10.0.0.0/33x', '-5', 'a b']) expect(text).not.toMatch(pattern);
  });
});

describe('what something fills in', () => {
  it('has no finding of check', () => {
    const pattern = new RegExp(EXPRESSION, 'u');
    const parts = fc.constantFrom(
      '$',
      '${',
      '}',
      '$(',
      ')',
      '{{',
      '}}',
      '{%',
      '%}',
      '%{',
      'A',
      '_1',
      ' ',
      '\n',
      '1',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        expect(pattern.test(text), text).toBe(holdsExpression(text));
      }),
      { numRuns: 5000 },
    );
  });
});

it('an unknown format is an error', () => {
  expect(() => constraintOf('no-such')).toThrow('no such format (got no-such)');
  expect(constraintOf(undefined)).toEqual({});
});
