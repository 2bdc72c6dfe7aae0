import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BODIES_LIMIT, createBodyBudget, SMALL_BODY, SMALL_RESERVE } from '../../src/server/body-budget.ts';

const MIB = 1024 * 1024;
const LARGE_LIMIT = BODIES_LIMIT - SMALL_RESERVE;

describe('the budget', () => {
  function start() {
    let time = 0;
    let held = 0;
    const refused: string[] = [];
    const budget = createBodyBudget(
      () => time,
      (bytes) => {
        held = bytes;
      },
    );
    return {
      /** Names of the uploads that were refused, in order. */
      refused,
      held: () => held,
      open: (name: string) => budget.open(() => refused.push(name)),
      wait: (ms: number) => {
        time += ms;
      },
    };
  }

  it('refuses the slowest of the large ones, which may be the one that grows', () => {
    const { refused, held, open, wait } = start();
    const [slow, fast] = [open('slow'), open('fast')];
    slow.grow(MIB);
    fast.grow(LARGE_LIMIT - MIB);
    wait(1000);
    const late = open('late');
    wait(100);
    late.grow(SMALL_BODY);
    expect({ refused, held: held() }).toEqual({ refused: [], held: LARGE_LIMIT + SMALL_BODY });
    late.grow(MIB);
    expect({ refused, held: held() }).toEqual({ refused: ['slow', 'late'], held: LARGE_LIMIT - MIB });
    slow.end();
    late.end();
    fast.end();
    expect(held()).toBe(0);
  });

  it('keeps a reserve for small ones, and refuses the slowest of all where that is used up', () => {
    const { refused, held, open, wait } = start();
    open('slow').grow(SMALL_BODY);
    wait(1000);
    open('large').grow(LARGE_LIMIT);
    for (let bytes = 2 * SMALL_BODY; bytes <= SMALL_RESERVE; bytes += SMALL_BODY)
      open('small').grow(SMALL_BODY);
    expect({ refused, held: held() }).toEqual({ refused: [], held: BODIES_LIMIT });
    open('one more').grow(1);
    expect({ refused, held: held() }).toEqual({ refused: ['slow'], held: BODIES_LIMIT - SMALL_BODY + 1 });
  });

  it('takes no notice of what has been announced, and refuses none that holds next to nothing', () => {
    const { refused, held, open, wait } = start();
    for (let count = 0; count < 4096; count += 1) open('one byte').grow(1);
    wait(10_000);
    for (let count = 0; count < 7; count += 1) open('large').grow(8 * MIB);
    for (let count = 0; count < 127; count += 1) open('small').grow(SMALL_BODY);
    expect(refused).toEqual([]);
    wait(100);
    open('last').grow(SMALL_BODY);
    expect({ refused, held: held() }).toEqual({ refused: ['small'], held: BODIES_LIMIT - SMALL_BODY + 4096 });
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
        const { refused, held, open, wait } = start();
        const uploads = new Map<number, { upload: ReturnType<typeof open>; bytes: number; name: string }>();
        let count = 0;
        for (const each of steps) {
          wait(each.wait);
          const name = String(count++);
          const entry = uploads.get(each.upload) ?? { upload: open(name), bytes: 0, name };
          uploads.set(each.upload, entry);
          // Before it grows: whoever is refused by that has ended.
          const before = refused.length;
          entry.bytes += each.grow;
          entry.upload.grow(each.grow);
          for (const [key, { name }] of uploads) if (refused.includes(name, before)) uploads.delete(key);
          if (each.end === 0) {
            entry.upload.end();
            uploads.delete(each.upload);
          }
          expect(held()).toBe([...uploads.values()].reduce((sum, { bytes }) => sum + bytes, 0));
          expect(held()).toBeLessThanOrEqual(BODIES_LIMIT);
        }
        expect(new Set(refused).size).toBe(refused.length);
      }),
    );
  });
});
