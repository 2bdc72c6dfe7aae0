import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tryRun } from './command.ts';
import { findTool } from './tools.ts';

// How docs/check.md has what Helm and kustomize render checked, with its commands; `npm run build` comes first.

const ROOT = new URL('../../', import.meta.url).pathname;
const FOLDER = join(ROOT, 'test/cases/found/repositories/folder');
const page = readFileSync(join(ROOT, 'docs/check.md'), 'utf8');
const [, block = ''] = /```sh\n(helm template [\s\S]*?)```/.exec(page) ?? [];
const commands = block.trim().split('\n');
let bin: string;

beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), 'calico-admission-'));
  symlinkSync(findTool('helm'), join(bin, 'helm'));
  const main = `#!/bin/sh\nexec ${process.execPath} ${join(ROOT, 'dist/main.js')} "$@"\n`;
  writeFileSync(join(bin, 'calico-admission'), main, { mode: 0o755 });
  writeFileSync(join(bin, 'values.yaml'), 'pools: [{name: pods, cidr: 10.0.0.0/33}]\n');
});
afterAll(() => rmSync(bin, { recursive: true, force: true }));

it.each([
  ['Helm', 0, '[calico/ippool-cidr]'],
  ['kustomize', 1, '[calico/ippool-mode]'],
])('finds the mistake in what %s renders', (_tool, at, finding) => {
  const command = (commands[at] ?? '')
    .replace('charts/calico', `${join(FOLDER, 'chart')} --values ${join(bin, 'values.yaml')}`)
    .replace('overlays/prod', join(FOLDER, 'prod'));
  const env = { PATH: `${bin}:${process.env['PATH']}` };
  const finished = tryRun('bash', ['-o', 'pipefail', '-c', command], { env });
  expect(finished.stdout, finished.stderr).toContain(finding);
  expect(finished.code).toBe(1);
});

it('has a command for each', () => {
  expect(commands).toHaveLength(2);
});
