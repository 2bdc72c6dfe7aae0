// Builds the site once for all tests here: for the root of a host, and for a path below it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

const ROOT = new URL('../../', import.meta.url).pathname;

export interface BuiltSite {
  readonly base: string;
  readonly folder: string;
  readonly repository?: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    sites: readonly BuiltSite[];
  }
}

export function setup({ provide }: TestProject): () => void {
  const room = mkdtempSync(join(tmpdir(), 'calico-admission-site-'));
  const sites: readonly BuiltSite[] = [
    { base: '/', folder: join(room, 'root') },
    { base: '/x/', folder: join(room, 'below'), repository: 'https://code.example/somebody/something' },
  ];
  for (const { base, folder, repository } of sites) {
    const args = ['--base', base, '--out', folder, ...(repository ? ['--repository', repository] : [])];
    const { status, stderr } = spawnSync(process.execPath, ['src/site/build.js', ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`the site was not built: ${stderr}`);
  }
  provide('sites', sites);
  return () => rmSync(room, { recursive: true });
}
