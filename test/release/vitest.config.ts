import { defineConfig } from 'vitest/config';

// From one tag to three installs; each step needs the one before.
export default defineConfig({
  test: {
    include: ['test/release/rehearsal.test.ts'],
    bail: 1,
    reporters: 'verbose',
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
  },
});
