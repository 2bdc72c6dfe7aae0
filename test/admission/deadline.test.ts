import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALLS_PER_READING, createCheckpoint, parseTimeout } from '../../src/admission/deadline.ts';
import { DeadlineExceededError } from '../../src/policy/deadline.ts';

describe('parseTimeout', () => {
  it.each([
    { text: '10s', ms: 10_000 },
    { text: '1s', ms: 1000 },
    { text: '30s', ms: 30_000 },
    { text: '+5s', ms: 5000 },
    { text: '1.5s', ms: 2000 },
    { text: '2.s', ms: 2000 },
    { text: '.5s', ms: 1000 },
    { text: '.25m', ms: 15_000 },
    { text: '3.123456789s', ms: 4000 },
    { text: '2500ms', ms: 3000 },
    { text: '5000000us', ms: 5000 },
    { text: '5000000µs', ms: 5000 },
    { text: '5000000μs', ms: 5000 },
    { text: '2000000000ns', ms: 2000 },
    { text: '1.0000000000s', ms: 1000 },
    { text: '.1234567890s', ms: 1000 },
    { text: '999999999ns', ms: 1000 },
    { text: '1ns', ms: 1000 },
    { text: '2s1ns', ms: 3000 },
    { text: '1s1000ms1s', ms: 3000 },
    { text: '0.1m', ms: 6000 },
    { text: '0.001h', ms: 4000 },
    { text: '31s', ms: 30_000 },
    { text: '1m', ms: 30_000 },
    { text: '1h', ms: 30_000 },
    { text: '999999999h999999999h', ms: 30_000 },
  ])('reads $text as $ms ms', ({ text, ms }) => {
    expect(parseTimeout(text)).toBe(ms);
  });

  it.each([
    undefined,
    '',
    '0',
    '0s',
    '+0s',
    '-5s',
    '+',
    '++5s',
    '1s+1s',
    '5',
    's',
    '.s',
    '5 s',
    ' 5s',
    '5s ',
    '5S',
    '5x',
    '5sx',
    'x5s',
    '1e3ms',
    '1,5s',
    '5ss',
    'Infinity',
    'NaN',
  ])('ignores "%s", and uses the default timeout', (text) => {
    expect(parseTimeout(text)).toBe(30_000);
  });

  it('is always whole seconds from 1 to 30', () => {
    const unit = fc.constantFrom('0', '1', '9', '.', '+', '-', 'n', 's', 'm', 'h', 'u', 'µ', ' ', 'e');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit, maxLength: 40 })), (text) => {
        const ms = parseTimeout(text);
        expect(ms).toBeGreaterThanOrEqual(1000);
        expect(ms).toBeLessThanOrEqual(30_000);
        expect(ms % 1000).toBe(0);
      }),
    );
  });

  it('reads what kube-apiserver writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), (seconds) => {
        expect(parseTimeout(`${seconds}s`)).toBe(seconds * 1000);
      }),
    );
  });
});

describe('the checkpoint', () => {
  it.each([
    { now: 999, isLate: false },
    { now: 999.9, isLate: false },
    { now: 1000, isLate: true },
    { now: 1001, isLate: true },
  ])('at $now of 1000: $isLate', ({ now, isLate }) => {
    const check = createCheckpoint(1000, () => now);
    if (!isLate) expect(check).not.toThrow();
    else {
      expect(check).toThrow(DeadlineExceededError);
      expect(check).toThrow(
        expect.objectContaining({
          name: 'DeadlineExceededError',
          message: 'the deadline of the request has passed',
        }),
      );
    }
  });

  it('looks at the clock when it is called first, and not at every call after that', () => {
    let readings = 0;
    const check = createCheckpoint(10, () => {
      readings += 1;
      return 0;
    });
    check();
    expect(readings).toBe(1);
    for (let calls = 1; calls < 10 * CALLS_PER_READING; calls += 1) check();
    expect(readings).toBe(10);
  });

  it.each([1, 2, CALLS_PER_READING - 1, CALLS_PER_READING])(
    'notices the deadline so many calls after it passed at call %i',
    (before) => {
      let now = 0;
      const check = createCheckpoint(10, () => now);
      for (let calls = 0; calls < before; calls += 1) check();
      now = 10;
      const rest = () => {
        for (let calls = 0; calls < CALLS_PER_READING; calls += 1) check();
      };
      expect(rest).toThrow(DeadlineExceededError);
      // A rule that continues gets the error again.
      expect(check).toThrow(DeadlineExceededError);
    },
  );
});
