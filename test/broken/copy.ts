import { execFile, execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Breakage, type BrokenTest, breakText } from './breakages.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const INSTALLED = ['.', 'src/site', 'src/lsp/vscode', 'test/browser', 'test/editor'];
/** How long a test waits for what does not come once it is broken, in milliseconds. */
const PATIENCE = 30_000;
/** How long a run may take, in milliseconds. */
const MAX_DURATION = 1_200_000;

/** The result of a test. */
export interface TestResult {
  /** In the words of Vitest. */
  readonly status: string;
  /** Of a failure, without the code of the test. */
  readonly reason: string;
}

/** A copy of the checkout, with the changes that are not committed and what was built, in which anything may be broken. */
export interface Copy {
  /** Runs the tests of the breakages, which are of one suite, in the copy as it is or with all of them. */
  run(suite: string, breakages: readonly Breakage[], how: 'as it is' | 'broken'): Promise<TestRun>;
  remove(): void;
}

export interface TestRun {
  /** The results of all tests that have the name. */
  resultsOf(test: BrokenTest): readonly TestResult[];
}

export function createCopy(): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'calico-admission-broken-'));
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const file of listed.split('\0').filter((each) => each !== '' && existsSync(join(ROOT, each)))) {
    cpSync(join(ROOT, file), join(folder, file));
  }
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const place of INSTALLED) {
    symlinkSync(join(ROOT, place, 'node_modules'), join(folder, place, 'node_modules'));
  }
  return {
    run: async (suite, breakages, how) => {
      const written = new Map<string, string>();
      try {
        for (const breakage of how === 'broken' ? breakages : []) {
          const path = findFile(folder, breakage);
          const text = readFileSync(path, 'utf8');
          if (!written.has(path)) written.set(path, text);
          writeFileSync(path, breakText(text, breakage));
        }
        return await runTests(folder, suite, breakages);
      } finally {
        for (const [path, text] of written) writeFileSync(path, text);
      }
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function findFile(folder: string, { file, isBuilt, replace: [[from] = ['', '']] }: Breakage): string {
  if (isBuilt !== true) return join(folder, file);
  const dist = join(folder, 'dist');
  const names = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.js'),
  );
  const holding = names
    .map((name) => join(dist, name))
    .filter((path) => readFileSync(path, 'utf8').includes(from));
  const [path, ...others] = holding;
  if (path === undefined || others.length > 0)
    throw new Error(`${holding.length} files of dist/ hold ${from}`);
  return path;
}

async function runTests(folder: string, suite: string, breakages: readonly Breakage[]): Promise<TestRun> {
  const tests = breakages.map(({ test }) => test);
  const results = join(folder, 'results.json');
  rmSync(results, { force: true });
  const output = await runNode(folder, [
    join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...['--config', `${suite}/vitest.config.ts`, ...new Set(tests.map(({ file }) => file))],
    ...['--testNamePattern', tests.map(({ name }) => escapePattern(name)).join('|')],
    ...['--reporter', 'default', '--reporter', 'json', '--outputFile.json', results],
    ...['--expect.poll.timeout', String(PATIENCE)],
  ]);
  if (!existsSync(results)) throw new Error(`the tests were not run: ${output}`);
  const { testResults } = JSON.parse(readFileSync(results, 'utf8'));
  return {
    resultsOf: ({ file, name }) =>
      [...testResults]
        .filter((each) => each.name.endsWith(file))
        .flatMap(({ assertionResults }) => assertionResults)
        .filter(({ fullName }) => fullName.includes(name))
        .map(({ status, fullName }) => ({ status, reason: findReason(output, fullName) })),
  };
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** What Vitest writes of a failure: below its name, up to a line that counts the failures. */
function findReason(output: string, fullName: string): string {
  const lines = output.split('\n').filter((line) => !/^\s*\d*\|/.test(line));
  const start = lines.findIndex(
    (line) => /^\s*FAIL /.test(line) && line.replaceAll(' > ', ' ').includes(fullName),
  );
  const length = lines.slice(start).findIndex((line) => /⎯\[\d+\/\d+\]⎯/.test(line));
  return start < 0 ? '' : lines.slice(start, start + length).join('\n');
}

/** @returns what it writes, whether it fails or not */
async function runNode(cwd: string, args: readonly string[]): Promise<string> {
  // By these, the processes of Vitest know that they belong to it.
  const inherited = Object.entries(process.env).filter(
    ([key]) => !/^(?:VITEST|TEST$|NODE_OPTIONS)/.test(key),
  );
  const env = { ...Object.fromEntries(inherited), NO_COLOR: '1' };
  const limits = { maxBuffer: 64 * 1024 * 1024, timeout: MAX_DURATION };
  const run = promisify(execFile)(process.execPath, args, { cwd, env, ...limits });
  const { stdout, stderr } = await run.catch((error) => error);
  return `${stdout}${stderr}`;
}
