import { defineConfig } from 'vitest/config';

// The quick tests that see admission and policy; a mutant must fall to them, not to a slow one over the wire.
export default defineConfig({
  test: {
    include: ['test/admission/**/*.test.ts', 'test/policy/**/*.test.ts'],
    // Bodies of megabytes, and thousands of them: each mutant of what reads a review would take half a minute.
    exclude: ['test/admission/growth.test.ts', 'test/admission/unchanged-spec.test.ts'],
    testTimeout: 60_000,
  },
});
