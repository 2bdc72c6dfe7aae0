import { defineConfig } from 'vitest/config';

// Packs what would be published, which takes as long as a build and a type check.
export default defineConfig({
  test: { include: ['test/package/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 300_000 },
});
