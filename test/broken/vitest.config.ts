import { defineConfig } from 'vitest/config';

// Each test runs other tests, and builds what they need first.
export default defineConfig({
  test: { include: ['test/broken/broken.test.ts'], hookTimeout: 1_200_000 },
});
