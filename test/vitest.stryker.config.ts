import { defineConfig } from 'vitest/config';

// The quick tests that see admission and policy; a mutant must fall to them, not to a slow one over the wire.
export default defineConfig({
  test: {
    include: ['test/admission/**/*.test.ts', 'test/policy/**/*.test.ts'],
    // It measures, with bodies of megabytes: each mutant of what reads them would take half a minute.
    exclude: ['test/admission/growth.test.ts'],
    testTimeout: 60_000,
  },
});
