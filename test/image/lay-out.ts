import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { ROOT, run } from '../e2e/process.ts';
import { isInContext, type Stage } from './dockerfile.ts';

type Copy = { readonly sources: readonly string[]; readonly to: string };

/** Does what the build stage does, with the packages that are installed here in place of `npm ci`. */
export async function buildStage(stage: Stage, root: string): Promise<void> {
  const dockerignore = readFileSync(join(ROOT, '.dockerignore'), 'utf8');
  let workdir = '/';
  for (const instruction of stage.instructions) {
    if (instruction.kind === 'workdir') {
      workdir = resolve(workdir, instruction.value);
      mkdirSync(join(root, workdir), { recursive: true });
    } else if (instruction.kind === 'copy' && instruction.from === undefined) {
      copyFromContext(dockerignore, instruction, root, workdir);
    } else if (instruction.kind === 'run' && instruction.command.startsWith('npm ci ')) {
      symlinkSync(join(ROOT, 'node_modules'), join(root, workdir, 'node_modules'));
    } else if (instruction.kind === 'run') {
      const finished = await run('sh', ['-c', instruction.command], { cwd: join(root, workdir) });
      if (finished.code !== 0) throw new Error(`${instruction.command}: ${finished.stderr}`);
    } else {
      throw new Error(`not understood in a build stage: ${instruction.kind}`);
    }
  }
}

/** Lays out what the COPY lines of the last stage put there, and nothing else. */
export function copyStage(stage: Stage, built: string, root: string): void {
  const dockerignore = readFileSync(join(ROOT, '.dockerignore'), 'utf8');
  for (const instruction of stage.instructions) {
    if (instruction.kind !== 'copy') continue;
    if (instruction.from === undefined) copyFromContext(dockerignore, instruction, root, '/');
    else copy(built, instruction, root, '/');
  }
}

/** Copies from the repository, and leaves out what .dockerignore names. */
function copyFromContext(dockerignore: string, instruction: Copy, root: string, workdir: string): void {
  const isIn = (path: string): boolean => isInContext(dockerignore, path);
  for (const source of instruction.sources)
    if (!isIn(source)) throw new Error(`.dockerignore keeps ${source} from the builder`);
  copy(ROOT, instruction, root, workdir, (file) => isIn(relative(ROOT, file)));
}

/** As a builder copies: of a folder what is in it, under a `to` that ends in a slash a file by its name. */
function copy(
  context: string,
  { sources, to }: Copy,
  root: string,
  workdir: string,
  filter?: (file: string) => boolean,
): void {
  const target = join(root, resolve(workdir, to));
  for (const source of sources) {
    const from = join(context, source);
    const isFolder = statSync(from).isDirectory();
    const into =
      !isFolder && (to.endsWith('/') || existsSync(target)) ? join(target, basename(source)) : target;
    mkdirSync(dirname(into), { recursive: true });
    cpSync(from, into, { recursive: true, ...(filter && { filter }) });
  }
}

/** What the base image brings: Node.js, where the base has it, and the libraries that it is linked with. */
export function addNode(root: string): void {
  const node = realpathSync(process.execPath);
  mkdirSync(join(root, 'nodejs/bin'), { recursive: true });
  copyFileSync(node, join(root, 'nodejs/bin/node'));
  addLibraries(node, root);
  // Only its owner can read a temporary folder; all users can read the root of an image.
  chmodSync(root, 0o755);
}

/** The libraries that a program is linked with, where it looks for them. */
export function addLibraries(program: string, root: string): void {
  const libraries = execFileSync('ldd', [program], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  for (const library of libraries) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
}
