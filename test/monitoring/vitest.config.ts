import { defineConfig } from 'vitest/config';

// With promtool, which `npm test` does not ask for.
export default defineConfig({
  test: { include: ['test/monitoring/**/*.check.ts'], testTimeout: 60_000 },
});
