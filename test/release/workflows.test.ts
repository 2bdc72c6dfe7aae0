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
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly needs?: string | readonly string[];
  readonly env?: Readonly<Record<string, string>>;
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

describe('the release', () => {
  const file = '.github/workflows/release.yaml';
  const jobs: ReadonlyMap<string, Job> = new Map(jobsOf(file));
  const neededBy = (name: string): readonly string[] => [jobs.get(name)?.needs ?? []].flat();
  const usesOf = (name: string, action: string): readonly Step[] =>
    (jobs.get(name)?.steps ?? []).filter(({ uses }) => uses?.startsWith(`${action}@`));

  it('has in it every file that a job makes, and nothing else', () => {
    const names = [...jobs.keys()].flatMap((name) =>
      usesOf(name, 'actions/upload-artifact').map((step) => [name, String(step.with?.['name'])] as const),
    );
    const kinds = names.map(([, artifact]) => artifact.replace(/-\$\{\{ matrix\..*$/, ''));
    expect(kinds).toEqual(
      ['manifests', 'package', 'executable', 'vsix', 'site'].map((each) => `release-${each}`),
    );
    expect(neededBy('release')).toEqual(expect.arrayContaining(names.map(([name]) => name)));
    const [download] = usesOf('release', 'actions/download-artifact');
    expect(download?.with).toMatchObject({ pattern: 'release-*', 'merge-multiple': true });
  });

  it('makes nothing before the tests have passed', () => {
    const isAfterTests = (name: string): boolean =>
      neededBy(name).some((each) => each === 'test' || isAfterTests(each));
    expect([...jobs.keys()].filter((name) => !isAfterTests(name))).toEqual(['test', 'version']);
  });

  it('has version and owner from one place each', () => {
    const text = read(file);
    expect(text.match(/github\.repository_owner/g)).toHaveLength(1);
    expect(text.match(/"registry=/g)).toHaveLength(1);
    expect(text.match(/"\.\/package\.json"/g)).toHaveLength(1);
    for (const [name, { env = {} }] of jobs) {
      for (const value of Object.values(env).filter((each) => each.includes('needs.version'))) {
        expect(neededBy(name), `${name}: ${value}`).toContain('version');
      }
      if (env['VERSION'] !== undefined) {
        expect(env['VERSION'], name).toMatch(/^\$\{\{ needs\.version\.outputs\.version \}\}$/);
      }
    }
  });
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
