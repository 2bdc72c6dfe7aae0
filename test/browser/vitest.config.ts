import { defineConfig } from 'vitest/config';

// With a real browser, which `npm test` does not ask for.
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['test/browser/build-site.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A browser on a busy machine.
    expect: { poll: { timeout: 60_000 } },
    // A browser each; more of them than cores only wait for each other.
    maxWorkers: 2,
  },
});
