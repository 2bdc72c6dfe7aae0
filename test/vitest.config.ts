import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// What needs the built server, root or tools from elsewhere has a configuration of its own.
const elsewhere = [
  // Tools of one part alone have a package.json there.
  '**/node_modules/**',
  'test/broken/broken.test.ts',
  'test/browser/**',
  'test/e2e/**',
  'test/editor/**',
  'test/image/**',
  'test/manifests/**',
  'test/package/**',
  'test/release/rehearsal.test.ts',
  'test/reliability/**',
  // Replicas that wait for each other and for the clock: with the processes, in test/e2e/vitest.config.ts.
  'test/cluster/secret-source.test.ts',
];

// Whatever may come, thrown at one thing many times; time that is measured, or that has to pass. `npm run
// test:endurance`: a contributor gets an answer within half a minute, on a busy machine as well.
const endurance = [
  'test/**/growth.test.ts',
  'test/**/never-throws.test.ts',
  'test/**/properties.test.ts',
  'test/**/robustness.test.ts',
  'test/bench/**/*.test.ts',
  // Commands as a whole, against API servers that fail.
  'test/check/against-cluster.test.ts',
  // Many processes of git.
  'test/check/since.test.ts',
  'test/check/tree.test.ts',
  // Replicas with API servers that fail, until all of them agree.
  'test/cluster/registrar.test.ts',
  'test/commands/audit.test.ts',
  // Seven wrong values in each field of each schema.
  'test/rules/corrections.test.ts',
  // Each schema, compiled for each of some hundred objects.
  'test/schema/editors.test.ts',
  'test/server/abuse.test.ts',
  'test/server/connections.test.ts',
  'test/server/drain.test.ts',
  'test/server/uploads.test.ts',
  'test/targets/new-kind/**/*.test.ts',
  // Certificates, made and written many times.
  'test/tls/directory.test.ts',
  'test/tls/directory-faults.test.ts',
  'test/tls/rotation-state.test.ts',
];

// The answers of the real validators to some ten thousand objects, and what the trial on public files found. `npm run
// test:oracle`.
const oracle = ['test/cases/oracle.test.ts', 'test/cases/found.test.ts'];

export default defineConfig({
  test: {
    // For what never ends, also on a busy machine. How long something takes is measured in CPU, by growth.test.ts.
    testTimeout: 60_000,
    hookTimeout: 60_000,
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
          exclude: [...endurance, ...oracle, ...elsewhere],
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'oracle', include: oracle },
      },
      {
        extends: true,
        test: { name: 'endurance', include: endurance, testTimeout: 120_000 },
      },
    ],
  },
});
