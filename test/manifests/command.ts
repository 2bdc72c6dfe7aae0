import { spawnSync } from 'node:child_process';

export const ROOT = new URL('../../', import.meta.url).pathname;
export const MANIFESTS = `${ROOT}manifests`;

export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs a command to its end, whatever that is. */
export function tryRun(command: string, args: readonly string[], options: RunOptions = {}): Output {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...(options.input !== undefined && { input: options.input }),
  });
  if (error) throw new Error(`cannot run ${command}: ${error.message}`);
  return { code: status, stdout, stderr };
}

/** @returns standard output of a command that must succeed */
export function run(command: string, args: readonly string[], options: RunOptions = {}): string {
  const { code, stdout, stderr } = tryRun(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${stderr || stdout}`);
  return stdout;
}
