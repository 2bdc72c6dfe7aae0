import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Finished, run } from '../e2e/process.ts';

interface Step {
  readonly name?: string;
  readonly run?: string;
}
interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps?: readonly Step[] }>>;
}

/**
 * Runs one step of .github/workflows/release.yaml, with the shell that GitHub Actions starts for it.
 * @param env what the workflow and GitHub Actions set
 * @throws Error where there is no such step
 */
export function runStep(
  checkout: string,
  [job, name]: readonly [string, string],
  env: Readonly<Record<string, string>>,
): Promise<Finished> {
  const file = join(checkout, '.github/workflows/release.yaml');
  const { jobs }: Workflow = parse(readFileSync(file, 'utf8'));
  const script = jobs[job]?.steps?.find((step) => step.name === name)?.run;
  if (script === undefined) throw new Error(`${file} has no step "${name}" with commands in the job ${job}`);
  const args = ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script];
  return run('bash', args, { cwd: checkout, env });
}
