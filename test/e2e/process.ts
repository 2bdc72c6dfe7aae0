import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startReaper } from './cluster/reaper.ts';

export const ROOT = new URL('../../', import.meta.url).pathname;
export const MAIN = join(ROOT, 'dist/main.js');

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  readonly cwd?: string;
  /** Of something that serves for hours, keeps what it says only until it is ready. */
  readonly forgetOutput?: boolean;
}

function environment(extra: RunOptions['env'] = {}): NodeJS.ProcessEnv {
  const clean = Object.entries(process.env).filter(
    ([name]) => !/^(CALICO_ADMISSION_|KUBERNETES_|npm_)/.test(name),
  );
  return { ...Object.fromEntries(clean), ...extra };
}

/** Runs a command to its end. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd ?? ROOT, env: environment(options.env) });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    child.stdin.on('error', () => {});
    child.stdin.end(options.input);
  });
}

/** The command line as a user has it. */
export function cli(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return run(process.execPath, [MAIN, ...args], options);
}

export interface Served {
  readonly child: ChildProcess;
  readonly url: string;
  readonly healthUrl: string;
  readonly certDir: string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  stdout(): string;
  stderr(): string;
  /** Kills what still runs and removes the certificates. */
  cleanUp(): void;
}

/** Starts something that serves, and resolves at its ready line. */
export function startServing(
  command: string,
  args: readonly string[],
  options: RunOptions & { readonly certDir?: string } = {},
): Promise<Served> {
  const certDir = options.certDir ?? mkdtempSync(join(tmpdir(), 'calico-admission-'));
  const env = {
    CALICO_ADMISSION_CERT_DIR: certDir,
    CALICO_ADMISSION_PORT: '0',
    CALICO_ADMISSION_HEALTH_PORT: '0',
    ...options.env,
  };
  const child = spawn(command, args, {
    cwd: options.cwd ?? ROOT,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const reaper = startReaper(options.certDir === undefined ? certDir : undefined);
  reaper.watch(child);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
  let stdout = '';
  let stderr = '';
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    let isReady = false;
    child.stdout.on('data', (chunk) => {
      if (isReady && options.forgetOutput) return;
      stdout += chunk;
      if (isReady) return;
      const line = stdout.split('\n').find((each) => each.includes('"msg":"ready"') && each.endsWith('}'));
      if (line === undefined) return;
      isReady = true;
      const { url, healthUrl } = JSON.parse(line);
      resolve({
        child,
        url,
        healthUrl,
        certDir,
        ended,
        stdout: () => stdout,
        stderr: () => stderr,
        cleanUp: () => {
          child.kill('SIGKILL');
          if (options.certDir === undefined) rmSync(certDir, { recursive: true, force: true });
          void reaper.reap();
        },
      });
    });
    child.on('error', reject);
    void ended.then(({ code }) =>
      reject(new Error(`ended with ${code} before it was ready: ${stdout}${stderr}`)),
    );
  });
}

export function serveBuilt(
  args: readonly string[] = [],
  options: RunOptions & { readonly certDir?: string } = {},
) {
  return startServing(process.execPath, [MAIN, 'serve', ...args], options);
}

/** curl with verification on; the status on a line of its own after the body. */
export async function curl(served: Served, path: string, args: readonly string[] = []) {
  const ca = join(served.certDir, 'ca.crt');
  const all = [
    '-sS',
    '--max-time',
    '20',
    '--cacert',
    ca,
    '-w',
    '\n%{http_code}',
    ...args,
    `${served.url}${path}`,
  ];
  const finished = await run('curl', all);
  const cut = finished.stdout.lastIndexOf('\n');
  return {
    exit: finished.code,
    stderr: finished.stderr,
    status: Number(finished.stdout.slice(cut + 1)),
    text: finished.stdout.slice(0, cut),
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
