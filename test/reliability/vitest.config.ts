import { defineConfig } from 'vitest/config';

/** short: a tenth of the length, for CI. write: the full form, whose figures then stand in docs/reliability.md. */
const FORMS = ['short', 'full', 'write'] as const;

// Against the built server: `npm run build` comes first. One test after the other, because each needs the machine.
export default defineConfig(({ mode }) => {
  // Vitest's own default is test.
  const form = FORMS.find((each) => each === (mode === 'test' ? 'full' : mode));
  if (form === undefined) throw new Error(`no such form (got ${mode}); take one of ${FORMS.join(', ')}`);
  return {
    test: {
      name: 'reliability',
      include: ['test/reliability/**/*.test.ts'],
      fileParallelism: false,
      globalSetup: 'test/reliability/global-setup.ts',
      provide: { form },
      testTimeout: 45 * 60_000,
      hookTimeout: 120_000,
    },
  };
});
