import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BATCHES, BREAKAGES } from './breakages.ts';
import { type Copy, createCopy, type TestRun } from './copy.ts';

// The tests in Neovim, over stdio and in Chromium would be of no use if they passed whatever happens. Each runs in a
// copy of this checkout, as it is and with its subject broken.

let copy: Copy;
beforeAll(() => {
  copy = createCopy();
});
afterAll(() => copy?.remove());

describe.each(BATCHES)('in $suite, with its subject broken, a test fails', ({ suite, breakages }) => {
  let run: TestRun;
  beforeAll(async () => {
    run = await copy.run(suite, breakages, 'broken');
  });

  it.each(breakages)('$name', ({ test }) => {
    const results = run.resultsOf(test);
    expect(results).not.toEqual([]);
    for (const { status, reason } of results) {
      expect(status).toBe('failed');
      expect(reason).toMatch(test.says);
    }
  });
});

describe.each(['test/editor', 'test/browser'])('in %s, with nothing broken, a test passes', (suite) => {
  const breakages = BREAKAGES.filter(({ test }) => test.file.startsWith(suite));
  let run: TestRun;
  beforeAll(async () => {
    run = await copy.run(suite, breakages, 'as it is');
  });

  it.each(breakages)('$test.file: $test.name', ({ test }) => {
    const results = run.resultsOf(test);
    expect(results).not.toEqual([]);
    for (const { status, reason } of results) expect(status, reason).toBe('passed');
  });
});
