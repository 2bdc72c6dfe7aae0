import { defineConfig } from 'vitest/config';

// With a real language server, which `npm test` does not install.
export default defineConfig({
  test: { include: ['test/editor/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 },
});
