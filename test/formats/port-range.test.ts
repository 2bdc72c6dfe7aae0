import { describe, expect, it } from 'vitest';
import { isPortName, portRangeProblem } from '../../src/formats/port-range.ts';

describe('portRangeProblem', () => {
  it.each([
    { value: 15_000, wanted: undefined },
    { value: '15000', wanted: undefined },
    { value: '30000:32767', wanted: undefined },
    { value: '8:8', wanted: undefined },
    { value: 65_535, wanted: undefined },
    { value: 65_536, wanted: 'out-of-range' },
    { value: 0, wanted: 'out-of-range' },
    { value: '0:10', wanted: 'out-of-range' },
    { value: '10:99999', wanted: 'out-of-range' },
    { value: '20:10', wanted: 'reversed' },
    { value: 'http', wanted: 'name' },
    { value: '30000-32767', wanted: 'name' },
    { value: -1, wanted: 'name' },
    { value: '1:2:3', wanted: 'format' },
    { value: '', wanted: 'format' },
    { value: '30000 : 32767', wanted: 'format' },
  ])('$value: $wanted', ({ value, wanted }) => {
    expect(portRangeProblem(value)).toBe(wanted);
  });
});

describe('isPortName', () => {
  it.each(['http', 'a', 'a-1', '1a', 'a23456789012345'])('accepts %s', (text) => {
    expect(isPortName(text)).toBe(true);
  });

  it.each(['', '80', '-a', 'a-', 'a--b', 'HTTP', 'a.b', 'a_b', 'a234567890123456', 'é', 'a\n'])(
    'rejects %j',
    (text) => {
      expect(isPortName(text)).toBe(false);
    },
  );
});
