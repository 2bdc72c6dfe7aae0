import { createReadStream, readFileSync, type Stats, statSync } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { MAX_FILE_BYTES } from '../check/decode.ts';
import { isKustomizationFile } from '../check/kustomization.ts';
import type { Source } from '../check/read.ts';
import { escapePath } from '../policy/message.ts';
import type { Exclusions } from './exclusions.ts';
import { IGNORE_FILE } from './ignore.ts';
import { findRepository } from './repository.ts';
import { walk } from './walk.ts';

/** A file on the disk. It can also be written. */
export interface FileSource extends Source {
  /** Undefined for standard input and pipes, which can be read only once. */
  readonly path: string | undefined;
  /** The file, or a directory on its path, is a symbolic link. */
  readonly isLink: boolean;
}

/** A path that the user named does not exist, or cannot be read. */
export class UnreadablePathError extends Error {
  override name = 'UnreadablePathError';

  constructor(path: string, cause: unknown) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    super(`cannot read ${escapePath(path)} (${code}); check the path and its permissions`, { cause });
  }
}

const ENDINGS = ['.yaml', '.yml', '.json'];
const SKIPPED = new Set(['node_modules']);

/** Whether a directory, or a file in it, is skipped because of its name. */
export function isSkipped(name: string): boolean {
  return name.startsWith('.') || SKIPPED.has(name);
}

/** Whether a file in a directory is read, by its name. */
export function isManifest(name: string): boolean {
  return ENDINGS.some((ending) => name.endsWith(ending)) || isKustomizationFile(name);
}

export interface ListOptions {
  /** Decides which files are skipped, found and named ones. */
  readonly exclusions?: Exclusions | undefined;
  /** Called for each path that was not read, with the reason. It changes nothing. */
  tell?(path: string, why: string): void;
  /** Called after each directory, so that other tasks can run while thousands of directories are listed. */
  pause?(): Promise<void>;
}

/**
 * The files of the named paths: each file itself, or the files in the directory in the order of their names. Hidden
 * files and directories are skipped. Links are followed only inside the repository.
 * @param readStdin reads the source `-`, up to somewhat more than the limit in bytes
 * @throws UnreadablePathError for the first named path that cannot be read
 */
export async function listSources(
  paths: readonly string[],
  readStdin: (limit: number) => Promise<Buffer>,
  options: ListOptions = {},
): Promise<FileSource[]> {
  const found: FoundFile[] = [];
  for (const path of paths) {
    if (path === '-') {
      const open = () => keep('-', readStdin(MAX_FILE_BYTES));
      found.push({ id: '-', isLink: false, name: '-', open });
      continue;
    }
    const stats = await orUnreadable(path, stat(path));
    if (options.exclusions?.isNamedExcluded(path, stats.isDirectory()) === true) {
      options.tell?.(path, `it is excluded, by --exclude or ${IGNORE_FILE}`);
    } else if (stats.isDirectory()) {
      for (const file of await listDirectory(path, options)) found.push(file);
    } else {
      found.push(toFound(path, stats, true, (await orUnreadable(path, lstat(path))).isSymbolicLink()));
    }
  }
  const sources: FileSource[] = [];
  for (const { open } of withoutSecondNames(found)) sources.push(await open());
  return sources;
}

/** A name of a file. Several names may be of the same file. */
interface FoundFile {
  /** The identity of the file, whatever its name. */
  readonly id: string;
  readonly isLink: boolean;
  readonly name: string;
  open(): FileSource | Promise<FileSource>;
}

/**
 * A second name of one file would be evaluated as another object with the same name. The file itself comes before a
 * link to it, whichever came first: nothing is written through a link.
 */
function withoutSecondNames(found: readonly FoundFile[]): FoundFile[] {
  const chosen = new Map<string, FoundFile>();
  for (const file of found) {
    const known = chosen.get(file.id);
    if (known === undefined || (known.isLink && !file.isLink)) chosen.set(file.id, file);
  }
  return found.filter((file) => chosen.get(file.id) === file);
}

async function listDirectory(
  directory: string,
  { exclusions, tell, pause }: ListOptions,
): Promise<FoundFile[]> {
  const real = await orUnreadable(directory, realpath(directory));
  const walking = async () => {
    const steps = walk(directory, {
      boundary: findRepository(real) ?? real,
      isSkipped,
      isWanted: isManifest,
      isExcluded: (path, isDirectory) => exclusions?.isExcluded(path, isDirectory) === true,
      tell: (path, why) => tell?.(path, why),
    });
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      if (pause !== undefined) await pause();
    }
  };
  const entries = await orUnreadable(directory, walking());
  return entries.flatMap(({ path, stats, isLink }) => {
    if (stats.size <= MAX_FILE_BYTES) return [toFound(path, stats, false, isLink)];
    tell?.(path, `it is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB`);
    return [];
  });
}

/** A file in a directory. Undefined where there is no file to read. */
export function findSource(path: string): FileSource | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() !== true) return undefined;
  return toSource({ name: path, isNamed: false, isLink: false, size: stats.size });
}

function toFound(name: string, stats: Stats, isNamed: boolean, isLink: boolean): FoundFile {
  const open = () =>
    stats.isFile() ? toSource({ name, isNamed, isLink, size: stats.size }) : keep(name, readEndless(name));
  return { id: `${stats.dev}:${stats.ino}`, isLink, name, open };
}

type Opened = Pick<FileSource, 'name' | 'isNamed' | 'isLink'> & { readonly size: number };

/** The file is read when it is needed, each time again, so that many files are not in memory at once. */
function toSource({ name, isNamed, isLink, size }: Opened): FileSource {
  const read = () => {
    if (size > MAX_FILE_BYTES) return undefined;
    try {
      return readFileSync(name);
    } catch (error) {
      throw new UnreadablePathError(name, error);
    }
  };
  return { name, isNamed, isLink, path: name, read };
}

/** A pipe can be read only once: its content is kept. */
async function keep(name: string, reading: Promise<Buffer>): Promise<FileSource> {
  const bytes = await orUnreadable(name, reading);
  const kept = bytes.length > MAX_FILE_BYTES ? undefined : bytes;
  return { name, isNamed: true, isLink: false, path: undefined, read: () => kept };
}

/** The size of a pipe or device is unknown, and /dev/zero never ends: reading stops one byte after the limit. */
async function readEndless(name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(name, { end: MAX_FILE_BYTES })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function orUnreadable<T>(path: string, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw new UnreadablePathError(path, error);
  }
}
