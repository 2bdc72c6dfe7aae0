import { execFile } from 'node:child_process';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { MAX_FILE_BYTES } from '../check/decode.ts';
import type { History, OldFile } from '../check/old.ts';
import { errorCode, UserError } from '../errors.ts';
import { escapeInvisible, escapePath, quote } from '../policy/message.ts';
import { isManifest, isSkipped } from './sources.ts';

/** Larger than the list of any repository of manifests: a list of a million files. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;
/** Limit of the size of one request to git, in bytes. */
const BATCH_BYTES = 16 * 1024 * 1024;
/** Limit of the old texts that are kept, in bytes. */
const MAX_KEPT_BYTES = 128 * 1024 * 1024;
/** Limit for a git that waits for a lock or a network, in milliseconds. */
const TIMEOUT = 120_000;

export interface HistoryOptions {
  /** A commit, branch or tag, in any form that git accepts. */
  readonly ref: string;
  /** The files and directories that are checked, all in one repository. */
  readonly paths: readonly string[];
  /** Whether an old text may contain objects of ours. Other texts are not kept. */
  isOurs(text: string): boolean;
}

/**
 * The old texts of files that have changed since a commit.
 * @throws UserError where there is no git, no repository or no such commit
 */
export async function readHistory({ ref, paths, isOurs }: HistoryOptions): Promise<History> {
  rejectOption(ref);
  const roots = paths.map(toRealPath);
  const git = await openRepository(roots);
  const commit = await git.findCommit(ref);
  const entries = commit === undefined ? [] : await git.listFiles(commit);
  const changed = commit === undefined ? new Set<string>() : await git.listChanged(commit);
  const kept = await git.readFiles(
    entries.filter(({ path }) => changed.has(path)),
    (path, text) => isOurs(text) || roots.includes(path),
  );
  const known = new Set(entries.map(({ path }) => path));
  return {
    nameOf: toRealPath,
    isUnchanged: (path) => known.has(path) && !changed.has(path),
    changed: Array.from(
      kept,
      ([path, bytes]): OldFile => ({
        name: path,
        isNamed: false,
        isChecked: roots.some((root) => isVisibleBelow(root, path)),
        read: () => bytes,
        readNow: () => readIfThere(path),
      }),
    ),
  };
}

/** A ref that begins with a dash would be an option. git does not allow the other characters in a ref. */
function rejectOption(ref: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that are rejected
  if (ref !== '' && ref.length <= 1000 && !/^-|[\x00-\x20\x7f]/.test(ref)) return;
  throw new UserError(`not a commit, branch or tag (got ${quote(ref)}); name one, as in --since origin/main`);
}

interface TreeEntry {
  /** The real path, with links resolved. */
  readonly path: string;
  readonly id: string;
  /** In bytes. */
  readonly size: number;
}

interface Repository {
  /** Undefined in a repository without commits. */
  findCommit(ref: string): Promise<string | undefined>;
  listFiles(commit: string): Promise<readonly TreeEntry[]>;
  /** Paths that differ in the working tree. */
  listChanged(commit: string): Promise<ReadonlySet<string>>;
  readFiles(
    entries: readonly TreeEntry[],
    isWanted: (path: string, text: string) => boolean,
  ): Promise<ReadonlyMap<string, Buffer>>;
}

async function openRepository(paths: readonly string[]): Promise<Repository> {
  const [first = '.'] = paths;
  const roots = new Set<string>();
  for (const path of paths) roots.add(await findRoot(path));
  const [root = '.', other] = roots;
  if (other !== undefined) {
    throw new UserError(
      `--since compares within one repository, and the paths are in two (${escapePath(root)}, ${escapePath(other)}); check each on its own`,
    );
  }
  const run = (args: readonly string[], input?: string) => runGit(root, args, input);
  const toPath = (name: string) => resolve(root, name);
  return { findCommit, listFiles, listChanged, readFiles };

  async function findCommit(ref: string): Promise<string | undefined> {
    const found = await ask(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
    if (found !== undefined && /^[0-9a-f]{40,64}$/.test(found)) return found;
    // Before the first commit every file is new.
    if (ref === 'HEAD' && (await ask(['rev-parse', '--verify', '--quiet', 'HEAD'])) === undefined) return;
    const isShallow = (await ask(['rev-parse', '--is-shallow-repository'])) === 'true';
    const advice = isShallow
      ? 'this clone is shallow: fetch the commit first, as in git fetch --depth=1 origin REF, or clone with its history (actions/checkout: fetch-depth: 0)'
      : 'fetch it first, or look for it with git branch --all';
    throw new UserError(
      `the repository of ${escapePath(first)} has no such commit (got ${quote(ref)}); ${advice}`,
    );
  }

  /** Undefined where git exits with an error. */
  async function ask(args: readonly string[]): Promise<string | undefined> {
    const { code, stdout } = await run(args);
    return code === 0 ? stdout.toString().trim() : undefined;
  }

  async function listFiles(commit: string): Promise<TreeEntry[]> {
    const text = await expect(['ls-tree', '-r', '-l', '-z', '--full-tree', commit]);
    return text.split('\0').flatMap((line): TreeEntry[] => {
      const [, mode, id, size, name] = /^(\d+) blob ([0-9a-f]+) +(\d+)\t(.*)$/s.exec(line) ?? [];
      // git stores only the target of a link.
      if (id === undefined || name === undefined || mode === '120000' || !isManifest(name)) return [];
      return [{ path: toPath(name), id, size: Number(size) }];
    });
  }

  async function listChanged(commit: string): Promise<ReadonlySet<string>> {
    const text = await expect(['diff-index', '--name-only', '--no-renames', '-z', commit, '--']);
    return new Set(text.split('\0').map(toPath));
  }

  async function expect(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await run(args);
    if (code !== 0) throw gitFailure(stderr);
    return stdout.toString();
  }

  async function readFiles(
    entries: readonly TreeEntry[],
    isWanted: (path: string, text: string) => boolean,
  ): Promise<ReadonlyMap<string, Buffer>> {
    const kept = new Map<string, Buffer>();
    let bytes = 0;
    for (const batch of toBatches(entries.filter(({ size }) => size <= MAX_FILE_BYTES))) {
      const { code, stdout, stderr } = await run(
        ['cat-file', '--batch'],
        batch.map(({ id }) => `${id}\n`).join(''),
      );
      if (code !== 0) throw gitFailure(stderr);
      let at = 0;
      for (const { path, size } of batch) {
        const start = stdout.indexOf(0x0a, at) + 1;
        const content = stdout.subarray(start, start + size);
        at = start + size + 1;
        // One byte for each character is enough to search for names.
        if (!isWanted(path, content.toString('latin1'))) continue;
        bytes += size;
        if (bytes > MAX_KEPT_BYTES) throw new UserError(TOO_MUCH);
        // A copy: otherwise the whole batch would stay in memory with one of its files.
        kept.set(path, Buffer.from(content));
      }
    }
    return kept;
  }
}

const TOO_MUCH = `more than ${MAX_KEPT_BYTES / 1024 / 1024} MiB of manifests have changed since then; name a later commit, or check fewer paths`;

function* toBatches(entries: readonly TreeEntry[]): Generator<readonly TreeEntry[]> {
  let batch: TreeEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    batch.push(entry);
    bytes += entry.size;
    if (bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

async function findRoot(path: string): Promise<string> {
  const directory = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path);
  const { code, stdout, stderr } = await runGit(directory, ['rev-parse', '--show-toplevel']);
  const root = stdout.toString().replace(/\r?\n$/, '');
  if (code === 0 && root !== '') return realpathSync(root);
  if (/not a git repository/.test(stderr)) {
    throw new UserError(
      `${escapePath(path)} is in no git repository; leave --since out, or name the old files with --old`,
    );
  }
  throw gitFailure(stderr);
}

function gitFailure(stderr: string): UserError {
  const [line = ''] = stderr.trim().split('\n');
  return new UserError(
    `git cannot read the old files (${escapeInvisible(line.trim(), 200)}); check whether git status works there`,
  );
}

interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Runs git without a shell, a pager, a program from the repository's configuration, or a question at the terminal.
 */
async function runGit(cwd: string, args: readonly string[], input = ''): Promise<GitAnswer> {
  const all = ['--no-pager', '-c', 'core.fsmonitor=false', ...args];
  const options = {
    cwd,
    env: gitEnvironment(),
    encoding: 'buffer',
    maxBuffer: MAX_OUTPUT_BYTES,
    timeout: TIMEOUT,
  } as const;
  return await new Promise((done, fail) => {
    const child = execFile('git', all, options, (error, stdout, stderr) => {
      if (error === null) return done({ code: 0, stdout, stderr: '' });
      if (typeof error.code === 'number') {
        return done({ code: error.code, stdout, stderr: stderr.toString() });
      }
      const why = error.killed ? `it took longer than ${TIMEOUT / 1000} s, or wrote too much` : error.code;
      fail(
        new UserError(`git cannot be run (${why}); install it, or name the old files with --old`, {
          cause: error,
        }),
      );
    });
    // A git that has exited does not read its input. Its exit code says why.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** In a hook, git sets variables for the repository and the index, relative to another directory. */
function gitEnvironment(): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_PREFIX, GIT_COMMON_DIR, ...env } = process.env;
  return { ...env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
}

function isVisibleBelow(root: string, path: string): boolean {
  if (path === root) return true;
  if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) return false;
  return !path
    .slice(root.length + 1)
    .split(sep)
    .some(isSkipped);
}

function toRealPath(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    // A pipe of the shell, as in <(command), or a file that was removed in the meantime.
    if (errorCode(error) === 'ENOENT') return resolve(file);
    throw error;
  }
}

/** Also where a directory has replaced the file, or a file its directory. */
const NOT_THERE: readonly string[] = ['ENOENT', 'ENOTDIR', 'EISDIR'];

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (NOT_THERE.includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}
