import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { check } from '../../src/commands/check.ts';
import type { Io } from '../../src/commands/command.ts';
import { registry } from '../support/registry.ts';

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string | Buffer;
  readonly io?: Partial<Io>;
}

/** `calico-admission check` as main.ts runs it, but for the process. */
export async function runCheck(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  const io: Io = {
    env: {},
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    isTerminal: false,
    readStdin: async () => Buffer.from(options.stdin ?? ''),
    registry,
    ...options.io,
  };
  const code = await check.run(args, io);
  return { code, stdout, stderr };
}

/** What `--output json` says, the fields that a test is about. */
export interface JsonFinding {
  readonly file: string;
  readonly document: number;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly severity: string;
  readonly kind: string;
  readonly name: string;
  readonly path: string;
  readonly message: string;
}

export interface JsonReport {
  readonly findings: readonly JsonFinding[];
  readonly summary: { readonly errors: number; readonly warnings: number; readonly documents: number };
}

export async function checkJson(args: readonly string[], options: RunOptions = {}): Promise<JsonReport> {
  const { stdout } = await runCheck(['--output', 'json', ...args], options);
  return JSON.parse(stdout);
}

/** `<file>:<document>:<line>:<column> <severity> <path> [<rule>]` */
export function summarize({ findings }: JsonReport, root = ''): string[] {
  return findings.map(({ file, document, line, column, severity, path, rule }) => {
    const name = file.startsWith(root) ? file.slice(root.length) : file;
    return `${name}:${document}:${line}:${column} ${severity} ${path} [${rule}]`;
  });
}

export interface Room {
  readonly path: string;
  write(files: Readonly<Record<string, string | Buffer>>): void;
  at(name: string): string;
  cleanUp(): void;
}

/** A directory of its own for files. */
export function createRoom(): Room {
  const path = `${mkdtempSync(join(tmpdir(), 'calico-admission-check-'))}/`;
  return {
    path,
    write: (files) => {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), content);
      }
    },
    at: (name) => join(path, name),
    cleanUp: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A Shoot without a mistake but what the configuration has; its first line is the 19th. */
export function shootWith(config: string, name = 'dev'): string {
  const lines = config.split('\n').map((line) => (line === '' ? '' : `      ${line}`));
  return `apiVersion: core.gardener.cloud/v1beta1
kind: Shoot
metadata:
  name: ${name}
  namespace: garden-dev
spec:
  provider:
    type: local
    workers:
      - name: w
  kubernetes:
    verticalPodAutoscaler:
      enabled: true
  networking:
    type: calico
    providerConfig:
      apiVersion: calico.networking.extensions.gardener.cloud/v1alpha1
      kind: NetworkConfig
${lines.join('\n')}
`;
}
