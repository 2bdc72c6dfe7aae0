import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BODIES_LIMIT, createBodyBudget, SMALL_BODY, SMALL_RESERVE } from '../../src/server/body-budget.ts';

const MIB = 1024 * 1024;
const LARGE_LIMIT = BODIES_LIMIT - SMALL_RESERVE;

describe('the budget', () => {
  function start() {
    let time = 0;
    let held = 0;
    const rejected: string[] = [];
    const budget = createBodyBudget(
      () => time,
      (bytes) => {
        held = bytes;
      },
    );
    return {
      /** Names of the uploads that were rejected, in order. */
      rejected,
      held: () => held,
      open: (name: string) => budget.open(() => rejected.push(name)),
      wait: (ms: number) => {
        time += ms;
      },
    };
  }

  it('rejects the large upload without progress for the longest time', () => {
    const { rejected, held, open, wait } = start();
    const [stalled, steady] = [open('stalled'), open('steady')];
    stalled.grow(MIB);
    steady.grow(LARGE_LIMIT - 2 * MIB);
    wait(1000);
    steady.grow(MIB);
    wait(100);
    const late = open('late');
    late.grow(SMALL_BODY);
    expect({ rejected, held: held() }).toEqual({ rejected: [], held: LARGE_LIMIT + SMALL_BODY });
    late.grow(MIB);
    expect({ rejected, held: held() }).toEqual({
      rejected: ['stalled', 'steady'],
      held: MIB + SMALL_BODY,
    });
    stalled.end();
    late.end();
    steady.end();
    expect(held()).toBe(0);
  });

  it('rejects what arrived at once and then stalled before a body that is slower and still arrives', () => {
    const { rejected, open, wait } = start();
    for (let count = 0; count < LARGE_LIMIT / MIB; count += 1) open('stalled').grow(MIB);
    wait(50);
    // 0.3 MiB a second, and the others 20 MiB a second: by the rate since its start it would be the slowest.
    const slower = open('slower');
    for (let count = 0; count < 20; count += 1) {
      wait(50);
      slower.grow(16 * 1024);
    }
    expect(rejected).toEqual(['stalled']);
  });

  it('does not treat an occasional byte as progress', () => {
    const { rejected, open, wait } = start();
    const trickle = open('trickle');
    trickle.grow(MIB);
    wait(10);
    const stalled = open('stalled');
    stalled.grow(LARGE_LIMIT - 2 * MIB);
    for (let count = 0; count < 100; count += 1) {
      wait(10);
      trickle.grow(1);
    }
    open('late').grow(2 * MIB);
    expect(rejected[0]).toBe('trickle');
  });

  it('keeps a reserve for small ones, and rejects the slowest of all where that is used up', () => {
    const { rejected, held, open, wait } = start();
    open('slow').grow(SMALL_BODY);
    wait(1000);
    open('large').grow(LARGE_LIMIT);
    for (let bytes = 2 * SMALL_BODY; bytes <= SMALL_RESERVE; bytes += SMALL_BODY)
      open('small').grow(SMALL_BODY);
    expect({ rejected, held: held() }).toEqual({ rejected: [], held: BODIES_LIMIT });
    open('one more').grow(1);
    expect({ rejected, held: held() }).toEqual({ rejected: ['slow'], held: BODIES_LIMIT - SMALL_BODY + 1 });
  });

  it('ignores the announced length, and rejects none that holds very little', () => {
    const { rejected, held, open, wait } = start();
    for (let count = 0; count < 4096; count += 1) open('one byte').grow(1);
    wait(10_000);
    for (let count = 0; count < 127; count += 1) open('small').grow(SMALL_BODY);
    wait(100);
    for (let count = 0; count < 7; count += 1) open('large').grow(8 * MIB);
    expect(rejected).toEqual([]);
    wait(100);
    open('last').grow(SMALL_BODY);
    expect({ rejected, held: held() }).toEqual({
      rejected: ['small'],
      held: BODIES_LIMIT - SMALL_BODY + 4096,
    });
  });

  it('is never exceeded, whatever comes and goes', () => {
    const step = fc.record({
      upload: fc.nat(30),
      grow: fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 8 * MIB })),
      wait: fc.nat(50),
      end: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 50, maxLength: 300 }), (steps) => {
        const { rejected, held, open, wait } = start();
        const uploads = new Map<number, { upload: ReturnType<typeof open>; bytes: number; name: string }>();
        let count = 0;
        for (const each of steps) {
          wait(each.wait);
          const name = String(count++);
          const entry = uploads.get(each.upload) ?? { upload: open(name), bytes: 0, name };
          uploads.set(each.upload, entry);
          // Before it grows: an upload that is rejected for that has ended.
          const before = rejected.length;
          entry.bytes += each.grow;
          entry.upload.grow(each.grow);
          for (const [key, { name }] of uploads) if (rejected.includes(name, before)) uploads.delete(key);
          if (each.end === 0) {
            entry.upload.end();
            uploads.delete(each.upload);
          }
          expect(held()).toBe([...uploads.values()].reduce((sum, { bytes }) => sum + bytes, 0));
          expect(held()).toBeLessThanOrEqual(BODIES_LIMIT);
        }
        expect(new Set(rejected).size).toBe(rejected.length);
      }),
    );
  });
});
