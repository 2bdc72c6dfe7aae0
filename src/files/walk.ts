import { accessSync, constants, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { errorCode } from '../errors.ts';

/** A file in a directory. */
export interface FoundEntry {
  readonly path: string;
  readonly stats: Stats;
  /** The file, or a directory on its path, is a symbolic link. */
  readonly isLink: boolean;
}

export interface WalkOptions {
  /** The real path of the directory that links must stay in. Nothing outside of it is read. */
  readonly boundary: string;
  /** Whether a directory, a file or a link is skipped because of its name. */
  isSkipped(name: string): boolean;
  /** Whether a file is read, by its name. */
  isWanted(name: string): boolean;
  /** Whether a directory or a file is excluded. */
  isExcluded(path: string, isDirectory: boolean): boolean;
  /** Called for each path that was not read, with the reason. */
  tell(path: string, why: string): void;
}

interface OpenDirectory {
  readonly path: string;
  readonly isLink: boolean;
}

/**
 * The files below a directory. Links are followed inside the boundary, and no directory is read twice, so that links
 * in a circle end. A path that cannot be read is reported and left out. All calls are synchronous: for thousands of
 * files, a promise takes more CPU than the call. The generator yields after each directory, so that other tasks can
 * run.
 * @throws the error of the file system, for the root
 */
export function* walk(root: string, options: WalkOptions): Generator<void, FoundEntry[]> {
  const found: FoundEntry[] = [];
  const seen = new Set<string>();
  // A list and no recursion: directories may be nested to any depth.
  const open: OpenDirectory[] = [{ path: root, isLink: false }];
  // Last, because a directory comes before a link to it.
  const links: OpenDirectory[] = [];
  for (let at = open.pop(); at !== undefined; at = open.pop() ?? nextLink()) {
    list(at);
    yield;
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));

  function list({ path: directory, isLink }: OpenDirectory): void {
    const entries = attempt(directory, () => {
      const id = idOf(statSync(directory));
      if (seen.has(id)) return [];
      seen.add(id);
      return readdirSync(directory, { withFileTypes: true });
    });
    for (const entry of entries ?? []) {
      if (options.isSkipped(entry.name)) continue;
      const path = join(directory, entry.name);
      if (entry.isSymbolicLink()) {
        links.push({ path, isLink: true });
      } else if (entry.isDirectory()) {
        if (!options.isExcluded(path, true)) open.push({ path, isLink });
      } else if (options.isWanted(entry.name)) {
        take(path, isLink);
      }
    }
  }

  function take(path: string, isLink: boolean): void {
    if (options.isExcluded(path, false)) return;
    const stats = attempt(path, () => {
      accessSync(path, constants.R_OK);
      return statSync(path);
    });
    if (stats?.isFile()) found.push({ path, stats, isLink });
  }

  /** Takes the links to files, up to the first link to a directory. */
  function nextLink(): OpenDirectory | undefined {
    for (let link = links.pop(); link !== undefined; link = links.pop()) {
      if (isFollowed(link.path)) return link;
    }
    return undefined;
  }

  /** Whether the path is a link to a directory that is to be read. A link to a file is taken here. */
  function isFollowed(path: string): boolean {
    const isWanted = options.isWanted(basename(path));
    // For a broken link, only the name shows whether it is ours.
    const target = attempt(path, () => realpathSync(path), isWanted && !options.isExcluded(path, false));
    if (target === undefined) return false;
    const isDirectory = attempt(path, () => statSync(path))?.isDirectory() === true;
    if (!(isDirectory || isWanted) || options.isExcluded(path, isDirectory)) return false;
    // A link to a directory that contains the link would list everything again.
    if (isDirectory && isWithin(realpathSync(dirname(path)), target)) return false;
    if (!isWithin(target, options.boundary)) {
      options.tell(path, 'it is a link to a path outside of the repository');
      return false;
    }
    if (!isDirectory) take(path, true);
    return isDirectory;
  }

  function attempt<T>(path: string, task: () => T, isReported = true): T | undefined {
    try {
      return task();
    } catch (error) {
      const code = errorCode(error);
      if (path === root || code === undefined) throw error;
      if (isReported) options.tell(path, explain(code));
      return undefined;
    }
  }
}

function explain(code: string): string {
  if (code === 'ENOENT') return 'the target of the link does not exist (ENOENT)';
  if (code === 'ELOOP') return 'the link is part of a circle of links (ELOOP)';
  return `it cannot be read (${code})`;
}

function idOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

/** Whether a path is the directory, or is below it. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : `${directory}${sep}`);
}
