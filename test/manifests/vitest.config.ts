import { defineConfig } from 'vitest/config';

// Needs kubectl and, for all but kustomize.test.ts, Go, which builds the tools once into the user's cache directory.
export default defineConfig({
  test: {
    include: ['test/manifests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 1_200_000,
    fileParallelism: false,
  },
});
