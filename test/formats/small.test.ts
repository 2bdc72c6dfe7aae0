import { describe, expect, it } from 'vitest';
import { isDns1123Label, isDns1123Subdomain, isLabelValue, isQualifiedName } from '../../src/formats/dns.ts';
import { isSafeMtuNumber, parseAtoi } from '../../src/formats/mtu.ts';
import { isBelow, parseVersion } from '../../src/formats/version.ts';

describe('parseVersion', () => {
  it.each([
    { text: '1.34.0', wanted: { major: 1, minor: 34 } },
    { text: '1.21', wanted: { major: 1, minor: 21 } },
    { text: 'v1.20.3', wanted: { major: 1, minor: 20 } },
    { text: '1.22.0-rc.1', wanted: { major: 1, minor: 22 } },
    { text: '1.22.0+k3s1', wanted: { major: 1, minor: 22 } },
    { text: '1.22-foo', wanted: { major: 1, minor: 22 } },
    { text: '1', wanted: undefined },
    { text: '', wanted: undefined },
    { text: '1.', wanted: undefined },
    { text: '1.x', wanted: undefined },
    { text: '1.022', wanted: undefined },
    { text: '1.22.0.1', wanted: undefined },
    { text: ' 1.22', wanted: undefined },
    { text: 'V1.22', wanted: undefined },
    { text: '1.9999999', wanted: undefined },
  ])('$text', ({ text, wanted }) => {
    expect(parseVersion(text)).toEqual(wanted);
  });

  it.each([
    { version: { major: 1, minor: 21 }, wanted: true },
    { version: { major: 1, minor: 22 }, wanted: false },
    { version: { major: 1, minor: 100 }, wanted: false },
    { version: { major: 0, minor: 99 }, wanted: true },
    { version: { major: 2, minor: 0 }, wanted: false },
  ])('$version is below 1.22: $wanted', ({ version, wanted }) => {
    expect(isBelow(version, 1, 22)).toBe(wanted);
  });
});

describe('MTUs', () => {
  it.each([
    { text: '1440', wanted: 1440n },
    { text: '+01500', wanted: 1500n },
    { text: '-0', wanted: 0n },
    { text: '9223372036854775808', wanted: undefined },
    { text: '1_500', wanted: undefined },
    { text: ' 1440', wanted: undefined },
    { text: '1440\n', wanted: undefined },
  ])('parseAtoi reads $text', ({ text, wanted }) => {
    expect(parseAtoi(text)).toBe(wanted);
  });

  it.each([0, 1440, Number.MAX_SAFE_INTEGER])('%s is a safe number', (value) => {
    expect(isSafeMtuNumber(value)).toBe(true);
  });

  it.each([-1, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '1440', null, undefined, 1440n])(
    '%s is not',
    (value) => {
      expect(isSafeMtuNumber(value)).toBe(false);
    },
  );
});

describe('isDns1123Subdomain', () => {
  it.each(['a', 'example.com', '8.8.8.8', 'a'.repeat(253)])('accepts %s', (text) => {
    expect(isDns1123Subdomain(text)).toBe(true);
  });

  it.each(['', 'A', 'a_b', 'a..b', '-a', 'a-', 'a.com:80', 'a\n', 'a'.repeat(254)])('rejects %j', (text) => {
    expect(isDns1123Subdomain(text)).toBe(false);
  });
});

describe('names of Kubernetes', () => {
  it.each([
    {
      what: isDns1123Label,
      name: 'isDns1123Label',
      good: ['a', '1', 'a'.repeat(63)],
      bad: ['', 'a.b', 'A', 'a'.repeat(64)],
    },
    {
      what: isQualifiedName,
      name: 'isQualifiedName',
      good: ['a', 'A.b_c-1', 'example.org/A', `${'a.'.repeat(126)}a/b`, 'a'.repeat(63)],
      bad: ['', '/a', 'a/', 'a/b/c', 'Example.org/a', 'a b', '-a', 'a.', 'a'.repeat(64)],
    },
    {
      what: isLabelValue,
      name: 'isLabelValue',
      good: ['', 'a', 'A.b_c-1', 'a'.repeat(63)],
      bad: [' ', 'a b', '-a', 'a_', 'a/b', 'a'.repeat(64)],
    },
  ])('$name', ({ what, good, bad }) => {
    expect(good.filter((text) => !what(text))).toEqual([]);
    expect(bad.filter((text) => what(text))).toEqual([]);
  });
});
