import { defineConfig } from 'vitest/config';

// The quick tests that see admission and policy; a mutant must fall to them, not to a slow one over the wire.
export default defineConfig({
  test: { include: ['test/admission/**/*.test.ts', 'test/policy/**/*.test.ts'], testTimeout: 60_000 },
});
