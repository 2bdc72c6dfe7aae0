import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Finished, ROOT, run } from '../e2e/process.ts';
import { parseDockerfile } from './dockerfile.ts';
import { buildStage } from './lay-out.ts';

const temporary = mkdtempSync(join(tmpdir(), 'calico-admission-build-'));
const project = join(temporary, 'build');
const main = join(project, 'src/main.ts');

beforeAll(async () => {
  const [stage] = parseDockerfile(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));
  if (stage === undefined) throw new Error('no stage');
  await buildStage(stage, temporary);
});
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

function build(): Promise<Finished> {
  return run('npm', ['run', '--silent', 'build'], { cwd: project });
}

/** Which dist/ it is, and whether something was left beside it. */
function state() {
  return {
    folder: statSync(join(project, 'dist')).ino,
    main: readFileSync(join(project, 'dist/main.js'), 'utf8'),
    files: readdirSync(join(project, 'dist'), { recursive: true, encoding: 'utf8' }).sort(),
    beside: readdirSync(project).filter((name) => name.includes('dist')),
  };
}

describe('npm run build', () => {
  it('makes a dist/ that runs from any folder', async () => {
    const finished = await run(process.execPath, [join(project, 'dist/main.js'), '--version'], { cwd: '/' });
    expect(finished).toMatchObject({ code: 0, stderr: '' });
    const executable = await run(join(project, 'dist/main.js'), ['--version'], { cwd: '/' });
    expect(executable.stdout).toBe(finished.stdout);
  });

  it('leaves what is already right to those who run it', async () => {
    const before = state();
    expect(await build()).toMatchObject({ code: 0 });
    expect(state()).toEqual(before);
  });

  it('replaces everything when something has changed', async () => {
    const before = state();
    writeFileSync(join(project, 'dist/old.js'), '');
    expect(await build()).toMatchObject({ code: 0 });
    const after = state();
    expect(after.folder).not.toBe(before.folder);
    expect(after).toMatchObject({ files: before.files, beside: ['dist'] });
  });

  it.each([
    {
      name: 'a syntax error',
      text: '\nconst = 1;\n',
      error: /src\/main\.ts:\d+:\d+/,
    },
    {
      name: 'an import of what is not there',
      text: "\nimport './nowhere.ts';\n",
      error: /nowhere\.ts/,
    },
    {
      name: 'a package that is not installed',
      text: "\ntry { (await import('not-installed')).default(); } catch {}\n",
      error: /would look for not-installed at run time/,
    },
    {
      name: 'a CommonJS library whose names would be lost',
      text: "\nexport const late = async () => (await import('selfsigned')).generate;\n",
      error: /await import\('selfsigned'\) would have no names/,
    },
  ])('fails at $name and leaves the dist/ that was there', async ({ text, error }) => {
    const source = readFileSync(main, 'utf8');
    const before = state();
    appendFileSync(main, text);
    const finished = await build();
    writeFileSync(main, source);
    expect(finished.code).toBe(1);
    expect(finished.stderr).toMatch(error);
    expect(state()).toEqual(before);
  });
});
