import { defineConfig } from 'vitest/config';

// Against the built server: `npm run build` comes first.
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts', 'test/image/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
