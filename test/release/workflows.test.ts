import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = new URL('../../', import.meta.url).pathname;
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const WORKFLOWS = readdirSync(join(ROOT, '.github/workflows')).map((name) => `.github/workflows/${name}`);
const TRACKED = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0');

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Job {
  readonly permissions?: unknown;
  readonly 'timeout-minutes'?: number;
  readonly uses?: string;
  readonly steps?: readonly Step[];
}
const jobsOf = (file: string): readonly (readonly [string, Job])[] => Object.entries(parse(read(file)).jobs);
const scripts: Readonly<Record<string, string>> = JSON.parse(read('package.json')).scripts;

it.each([...WORKFLOWS, 'action.yml'])('%s names every action by its commit, with its version', (file) => {
  const lines = read(file)
    .split('\n')
    .filter((line) => /^\s*(?:- )?uses: (?!\.\/)/.test(line));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

describe.each(WORKFLOWS)('%s', (file) => {
  const commands = jobsOf(file).flatMap(([, { steps = [] }]) => steps.flatMap(({ run }) => run ?? []));

  it('calls scripts that package.json has, in shell that can be read', () => {
    for (const command of commands) {
      for (const [, script = ''] of command.matchAll(/npm run (?:--silent )?([\w:-]+)/g)) {
        expect(Object.keys(scripts)).toContain(script);
      }
      const read = spawnSync('bash', ['-n'], { input: command, encoding: 'utf8' });
      expect({ command, stderr: read.stderr, status: read.status }).toEqual({
        command,
        stderr: '',
        status: 0,
      });
    }
  });

  it('puts nothing of an event into a script', () => {
    expect(commands.filter((command) => command.includes('${{'))).toEqual([]);
  });

  it('gives no more rights than it needs, and ends', () => {
    const { permissions } = parse(read(file));
    expect([{}, { contents: 'read' }]).toContainEqual(permissions);
    for (const [name, job] of jobsOf(file)) {
      if (job.uses === undefined) expect(job['timeout-minutes'], name).toBeLessThanOrEqual(120);
    }
  });
});

it('keeps no secret: publishing is trusted by where it comes from', () => {
  for (const file of WORKFLOWS) expect(read(file)).not.toMatch(/secrets\.|NPM_TOKEN|NODE_AUTH_TOKEN/);
});

it('has the dependencies of every folder updated', () => {
  const { updates }: { updates: readonly { 'package-ecosystem': string; directories: readonly string[] }[] } =
    parse(read('.github/dependabot.yml'));
  const directoriesOf = (ecosystem: string): string[] =>
    updates
      .filter((each) => each['package-ecosystem'] === ecosystem)
      .flatMap(({ directories }) => directories)
      .sort();
  const withFile = (name: string): string[] =>
    TRACKED.filter((file) => file === name || file.endsWith(`/${name}`))
      .map((file) => `/${dirname(file)}`.replace(/^\/\.$/, '/'))
      .sort();
  expect(directoriesOf('npm')).toEqual(withFile('package-lock.json'));
  expect(directoriesOf('gomod')).toEqual(withFile('go.mod'));
  expect(directoriesOf('docker')).toEqual(withFile('Dockerfile'));
});
