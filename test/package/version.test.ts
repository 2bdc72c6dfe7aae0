import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { VERSION_PLACES } from '../release/version-places.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const read = (directory: string, file: string): string => readFileSync(join(directory, file), 'utf8');

it('npm version moves all versions in one commit with a tag', () => {
  const directory = mkdtempSync(join(tmpdir(), 'calico-admission-version-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const tools = ['test/release', 'test/support/run-typescript.js', '.gitignore', 'tsconfig.json'];
  const files = [
    'package.json',
    'package-lock.json',
    'CHANGELOG.md',
    ...VERSION_PLACES.map(({ file }) => file),
  ];
  for (const file of [...tools, ...files]) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(ROOT, file), join(directory, file), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  const own = {
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    npm_config_update_notifier: 'false',
  };
  const env = { PATH: process.env['PATH'], HOME: directory, ...own };
  const run = (command: string, ...args: string[]): string =>
    execFileSync(command, args, {
      cwd: directory,
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  run('git', 'init', '--quiet');
  run('git', 'config', 'user.name', 'test');
  run('git', 'config', 'user.email', 'test@example.org');
  run('git', 'add', ...tools, ...files);
  run('git', 'commit', '--quiet', '-m', 'before');

  run('npm', 'version', '9.8.7-rc.1');
  expect(run('git', 'tag', '--points-at', 'HEAD').trim()).toBe('v9.8.7-rc.1');
  expect(run('git', 'status', '--porcelain', '--untracked-files=no')).toBe('');
  const changed = run('git', 'diff', '--name-only', 'HEAD~').trim().split('\n');
  expect(changed.sort()).toEqual([...new Set(files)].sort());
  const chart = parse(read(directory, 'manifests/chart/Chart.yaml'));
  expect([
    chart.version,
    chart.appVersion,
    ...chart.dependencies.map((each: { version: string }) => each.version),
  ]).toEqual(Array(4).fill('9.8.7-rc.1'));
  expect(JSON.parse(read(directory, 'package-lock.json')).version).toBe('9.8.7-rc.1');
  expect(read(directory, 'CHANGELOG.md')).toMatch(
    /## \[Unreleased\]\n\n## \[9\.8\.7-rc\.1\] - \d{4}-\d\d-\d\d\n/,
  );

  // And once more, from what it has written.
  run('npm', 'version', '10.0.0');
  const [extension] = parseAllDocuments(read(directory, 'manifests/gardener/extension.yaml'));
  expect(String(extension)).toContain('charts/calico-admission/runtime:10.0.0\n');
  for (const { file } of VERSION_PLACES) expect(read(directory, file), file).not.toContain('9.8.7');
});
