import { defineConfig } from 'vitest/config';

// With a real browser, which `npm test` does not ask for.
export default defineConfig({
  test: { include: ['test/browser/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 },
});
