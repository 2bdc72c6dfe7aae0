import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// What needs the built server, root or tools from elsewhere has a configuration of its own.
const elsewhere = [
  'test/e2e/**',
  'test/image/**',
  'test/manifests/**',
  'test/reliability/**',
  // Replicas that wait for each other and for the clock: with the processes, in vitest.e2e.config.ts.
  'test/cluster/secret-source.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 10_000,
    hookTimeout: 30_000,
    // By default one core is left idle, and on a machine of two that is half of it. One more than there are, because
    // tests about time mostly wait.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        extends: true,
        // No module of ours keeps state, so that the files can share what they import: that is most of their time.
        test: {
          name: 'house',
          include: ['test/**/*.test.ts'],
          exclude: ['test/tls/**', ...elsewhere],
          isolate: false,
        },
      },
      // These replace the file system under a module, which must not outlive the file.
      { extends: true, test: { name: 'tls', include: ['test/tls/**/*.test.ts'] } },
    ],
  },
});
