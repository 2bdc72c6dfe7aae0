import { defineConfig } from 'vitest/config';

const PROCESSES = [
  'test/e2e/cluster.test.ts',
  'test/e2e/life-cycle.test.ts',
  'test/e2e/log-reader.test.ts',
  'test/e2e/check.test.ts',
  'test/image/**/*.test.ts',
  'test/cluster/secret-source.test.ts',
];
const BUILDER = 'test/image/builder.test.ts';
const common = { testTimeout: 60_000, hookTimeout: 60_000 };

// Against the built server: `npm run build` comes first. `--mode short` is for CI, `--mode full` for figures.
export default defineConfig(({ mode }) => ({
  test: {
    fileParallelism: false,
    provide: {
      bodies: mode === 'short' ? 4000 : 100_000,
      // Seconds.
      steadyUpdates: mode === 'full' ? { busy: 600, idle: 600 } : { busy: 5, idle: 2 },
    },
    projects: [
      {
        test: { ...common, name: 'server', include: ['test/e2e/*.test.ts'], exclude: PROCESSES },
      },
      {
        // What takes its time, because processes start and end, or because there is much of it.
        test: { ...common, name: 'processes', include: PROCESSES, exclude: [BUILDER] },
      },
      {
        // The image as a builder makes it, on the Node.js that it is for: needs root, buildah and the registry of npm.
        test: { ...common, name: 'image', include: [BUILDER] },
      },
      {
        // Called by a real Kubernetes API server.
        test: {
          ...common,
          name: 'kubernetes',
          include: ['test/e2e/kubernetes/**/*.test.ts'],
          globalSetup: 'test/e2e/cluster/global-setup.ts',
        },
      },
      {
        // Bodies that may be read in two ways, beside Gardener's Go types.
        test: {
          ...common,
          testTimeout: 60 * 60_000,
          name: 'decoding',
          include: ['test/e2e/decoding/**/*.test.ts'],
        },
      },
      {
        // Called by Gardener's API server, behind a Kubernetes API server of its own.
        test: {
          ...common,
          name: 'gardener',
          include: ['test/e2e/gardener/**/*.test.ts'],
          globalSetup: 'test/e2e/gardener/global-setup.ts',
        },
      },
    ],
  },
}));
