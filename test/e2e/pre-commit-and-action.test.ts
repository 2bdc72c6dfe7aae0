import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { isMap, type JsonObject, readList, readString } from '../../src/policy/json.ts';
import { loadRegistry } from '../../src/registry.ts';
import { ROOT, run } from './process.ts';

// The two files at the top that let others run `check`: what they promise to pre-commit and to GitHub, and that the
// command lines in them work with what is built.

const manifest: JsonObject = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const [rule] = loadRegistry().policies.flatMap((policy) => policy.rules);
if (rule === undefined) throw new Error('there is no rule');
const work = mkdtempSync(join(tmpdir(), 'calico-admission-'));
const good = join(work, 'good.yaml');
const bad = join(work, 'bad shoot.yaml');
beforeAll(() => {
  writeFileSync(good, rule.docs.good);
  writeFileSync(bad, rule.docs.bad);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

function readYaml(name: string): unknown {
  return parse(readFileSync(join(ROOT, name), 'utf8'));
}

/** The package as npm hands it to those who install it, unpacked. */
async function pack(): Promise<{ readonly stdout: string; readonly directory: string }> {
  const packed = await run('npm', ['pack', '--pack-destination', work]);
  if (packed.code !== 0) throw new Error(packed.stderr);
  const name = packed.stdout.trim().split('\n').at(-1) ?? '';
  const untarred = await run('tar', ['-xzf', join(work, name), '-C', work]);
  if (untarred.code !== 0) throw new Error(untarred.stderr);
  return { stdout: packed.stdout, directory: join(work, 'package') };
}

describe('.pre-commit-hooks.yaml', () => {
  const hooks = readYaml('.pre-commit-hooks.yaml');
  const [hook] = Array.isArray(hooks) ? hooks : [];
  const [command, ...args] = (readString(hook, 'entry') ?? '').split(' ');
  let packed: Awaited<ReturnType<typeof pack>>;
  beforeAll(async () => {
    packed = await pack();
  });

  it('is what pre-commit reads', () => {
    const [, changes, ...others] = Array.isArray(hooks) ? hooks : [];
    expect(others).toEqual([]);
    expect(changes).toEqual({
      ...hook,
      id: 'calico-admission-check-changes',
      name: expect.any(String),
      entry: 'calico-admission check --each --since HEAD',
    });
    expect(hook).toEqual({
      id: 'calico-admission-check',
      name: expect.any(String),
      description: expect.any(String),
      entry: 'calico-admission check --each',
      language: 'node',
      types_or: ['yaml', 'json'],
      require_serial: true,
      minimum_pre_commit_version: '2.9.0',
    });
    expect(Object.keys(manifest['bin'] ?? {})).toEqual([command]);
  });

  // pre-commit runs `npm install` and `npm pack` in its clone, and takes all of the latter's output for a file name.
  it('can be installed: npm pack says the name of a package that holds the command, and nothing else', () => {
    expect(packed.stdout).toBe(`calico-admission-${manifest['version']}.tgz\n`);
    expect(manifest['scripts']).toHaveProperty('prepare');
  });

  it.each([
    { name: 'good', files: [good], code: 0 },
    { name: 'bad', files: [bad], code: 1 },
    { name: 'both', files: [good, bad], code: 1 },
  ])('ends with $code for $name files', async ({ files, code }) => {
    const bin = isMap(manifest['bin']) ? manifest['bin'][command ?? ''] : undefined;
    const path = join(packed.directory, String(bin));
    const finished = await run(process.execPath, [path, ...args, ...files], { cwd: work });
    expect(finished.stderr).toBe('');
    expect(finished.code, finished.stdout).toBe(code);
    if (code === 1) expect(finished.stdout).toContain(rule.id);
  });
});

describe('action.yml', () => {
  const action = readYaml('action.yml');
  const steps = readList(isMap(action) ? action['runs'] : undefined, 'steps');
  const inputs: JsonObject = isMap(action) && isMap(action['inputs']) ? action['inputs'] : {};

  it('is what GitHub reads', () => {
    expect(action).toMatchObject({
      name: expect.any(String),
      description: expect.any(String),
      runs: { using: 'composite' },
    });
    for (const [name, input] of Object.entries(inputs)) {
      expect(input, name).toEqual({ description: expect.any(String), default: expect.any(String) });
    }
    for (const step of steps) {
      // A step of a composite action names its shell, or uses another action.
      const isScript = readString(step, 'run') !== undefined;
      expect([readString(step, 'shell'), readString(step, 'uses') === undefined]).toEqual(
        isScript ? ['bash', true] : [undefined, false],
      );
      // An expression in a script would run text of a pull request.
      expect(readString(step, 'run') ?? '').not.toContain('${{');
    }
  });

  it('builds what it runs, as CONTRIBUTING.md and the image do', () => {
    const builds = steps
      .map((step) => readString(step, 'run') ?? '')
      .find((script) => script.includes('npm'));
    const scripts = [...(builds ?? '').matchAll(/npm run --silent (\S+)/g)].map((match) => match[1]);
    expect(scripts).toEqual(['build']);
    expect(manifest['scripts']).toHaveProperty('build');
    expect(builds).toMatch(/^npm ci /);
  });

  /** As GitHub runs the last step: its environment from the inputs, in the directory that was checked out. */
  function check(given: Readonly<Record<string, string>>, cwd = work) {
    const step = steps.at(-1);
    const env = isMap(step) && isMap(step['env']) ? step['env'] : {};
    const known: Record<string, string> = { 'github.action_path': ROOT.replace(/\/$/, '') };
    for (const name of Object.keys(inputs)) {
      const byDefault = readString(inputs, name, 'default') ?? '';
      // Outside of a pull request GitHub has no values for its variables.
      known[`inputs.${name}`] = given[name] ?? (byDefault.startsWith('${{') ? '' : byDefault);
    }
    const evaluated = Object.entries(env).map(([name, value]) => {
      const expression = /^\$\{\{ (\S+) \}\}$/.exec(String(value))?.[1] ?? '';
      expect(known, expression).toHaveProperty([expression]);
      return [name, known[expression] ?? ''] as const;
    });
    const script = join(work, 'step.sh');
    writeFileSync(script, readString(step, 'run') ?? '');
    return run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd,
      env: Object.fromEntries(evaluated),
    });
  }

  it('annotates the line in the file that holds the mistake', async () => {
    const finished = await check({ paths: '\nbad shoot.yaml\n' });
    expect(finished.stderr).toBe('');
    expect(finished.code).toBe(1);
    expect(finished.stdout).toMatch(/^::error file=bad shoot\.yaml,line=\d+,/m);
    expect(finished.stdout).toContain(rule.id);
  });

  it('compares a pull request with its base, which the checkout has not fetched', async () => {
    // Not in the folder that the others look through.
    const room = mkdtempSync(join(tmpdir(), 'calico-admission-'));
    onTestFinished(() => rmSync(room, { recursive: true }));
    const base = join(room, 'base');
    const git = async (...args: string[]) => {
      const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
      const finished = await run('git', [...identity, ...args], { cwd: base });
      if (finished.code !== 0) throw new Error(finished.stderr);
      return finished.stdout.trim();
    };
    mkdirSync(base);
    await git('init', '--quiet');
    writeFileSync(join(base, 'old.yaml'), rule.docs.bad);
    await git('add', '--all');
    await git('commit', '--quiet', '--message=old');
    const since = await git('rev-parse', 'HEAD');
    await git('commit', '--quiet', '--allow-empty', '--message=new');
    await git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    await git('clone', '--quiet', '--depth=1', `file://${base}`, join(room, 'clone'));
    expect(await check({ since }, join(room, 'clone'))).toMatchObject({ code: 0, stderr: '' });
    expect(await check({ since: 'none' }, join(room, 'clone'))).toMatchObject({ code: 1 });
    const odd = await check({ since: '--upload-pack=touch ran;' }, join(room, 'clone'));
    expect(odd).toMatchObject({ code: 2, stderr: expect.stringContaining('not a commit, branch or tag') });
  });

  it('reports nothing about a good file', async () => {
    expect(await check({ paths: 'good.yaml', each: 'true', strict: 'true' })).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.not.stringContaining('::error'),
    });
  });

  it('looks at everything where nothing is named, and takes a configuration', async () => {
    const everything = await check({});
    expect(everything).toMatchObject({ code: 1, stdout: expect.stringContaining('bad shoot.yaml') });
    writeFileSync(join(work, 'off.conf'), `rules: { ${rule.id}: "off" }\n`);
    const without = await check({ paths: 'bad shoot.yaml', config: 'off.conf' });
    expect(without.stdout).not.toContain(rule.id);
  });

  it('passes over what is excluded, and does without what a pull request could write', async () => {
    const rules = '# calico-admission-ignore shoot/kube-proxy-off-needs-ebpf: mine';
    writeFileSync(
      join(work, 'silenced shoot.yaml'),
      rule.docs.bad.replace(/^(.*enabled: false.*)$/gm, `$1 ${rules}`),
    );
    writeFileSync(join(work, '.calico-admission-ignore'), '/bad*\n');
    const given = { paths: '.', exclude: '\ngood.yaml\nnot there/\n' };
    expect(await check(given)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('ignored by comments'),
    });
    const strict = await check({ ...given, ignore: 'false', 'inline-config': 'false' });
    expect(strict.code).toBe(1);
    expect(strict.stdout).toContain('bad shoot.yaml');
    expect(strict.stdout).toContain('silenced shoot.yaml');
    rmSync(join(work, '.calico-admission-ignore'));
    rmSync(join(work, 'silenced shoot.yaml'));
  });

  it('runs nothing that is written into an input', async () => {
    const paths = '$(touch ran)\n`touch ran`\n"; touch ran; "\n--help';
    const finished = await check({ paths });
    expect(finished.code).toBe(2);
    expect((await run('ls', [work])).stdout.split('\n')).not.toContain('ran');
    // After `--` a name is a name.
    expect(finished.stdout).not.toContain('Exit code');
  });
});
