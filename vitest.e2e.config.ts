import { defineConfig } from 'vitest/config';

const common = { testTimeout: 60_000, hookTimeout: 60_000 };

// Against the built server: `npm run build` comes first.
export default defineConfig({
  test: {
    fileParallelism: false,
    projects: [
      {
        test: { ...common, name: 'server', include: ['test/e2e/*.test.ts', 'test/image/**/*.test.ts'] },
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
});
