import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BREAKAGES, breakText } from './breakages.ts';

// `npm run test:broken` takes minutes and is run by hand: this test fails after a change of a text that it breaks.

const ROOT = new URL('../../', import.meta.url);

describe('each breakage', () => {
  it.each(BREAKAGES)('still breaks what is there: $name', (breakage) => {
    const text = readFileSync(new URL(breakage.file, ROOT), 'utf8');
    expect(breakText(text, breakage)).not.toBe(text);
  });

  it('says so when the file holds it no more, or twice', () => {
    const [breakage] = BREAKAGES;
    if (breakage === undefined) throw new Error('there are no breakages');
    const [[from] = ['']] = breakage.replace;
    for (const text of ['', `${from}${from}`]) {
      expect(() => breakText(text, breakage)).toThrow(/write the breakage anew/);
    }
  });
});
