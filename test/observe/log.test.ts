import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTimestamp } from '../../src/observe/log.ts';

describe('the time of a line', () => {
  it('is the text of Date, also if the clock goes back', () => {
    const start = Date.UTC(2026, 10, 21);
    const times = fc.array(fc.integer({ min: start, max: start + 3000 }), { minLength: 1 });
    fc.assert(
      fc.property(times, (list) => {
        let now = 0;
        const timestamp = createTimestamp(() => now);
        for (const time of list) {
          now = time;
          expect(timestamp()).toBe(`,"time":"${new Date(time).toISOString()}"`);
        }
      }),
    );
  });
});
