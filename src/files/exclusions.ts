import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { errorCode, UserError } from '../errors.ts';
import { escapePath, quote } from '../policy/message.ts';
import { IGNORE_FILE, type IgnoreLayer, matchLayers, parseIgnorePatterns } from './ignore.ts';
import { createRepositoryFinder } from './repository.ts';
import { isWithin } from './walk.ts';

export interface ExclusionOptions {
  /** The absolute path that patterns of the command line are relative to. */
  readonly cwd: string;
  /** Patterns of the command line. They take precedence over those of files. */
  readonly patterns: readonly string[];
  /** Whether the ignore files of the repository are read. */
  readonly withFiles: boolean;
}

/** Decides which files are skipped. */
export interface Exclusions {
  /** Whether a path is excluded, where its directory is not. */
  isExcluded(path: string, isDirectory: boolean): boolean;
  /** The same for a path that the user named, with all directories above it. */
  isNamedExcluded(path: string, isDirectory: boolean): boolean;
}

/** @throws UserError for a pattern that can never match, or an ignore file that cannot be read */
export function createExclusions({ cwd, patterns, withFiles }: ExclusionOptions): Exclusions {
  const given = patterns.flatMap(parseGiven);
  const layers = new Map<string, readonly IgnoreLayer[]>();
  const findRepository = createRepositoryFinder();
  /** Named directories outside of the working directory. */
  const elsewhere: IgnoreLayer[] = [];
  return {
    isExcluded: (path, isDirectory) => isExcluded(resolve(cwd, path), isDirectory),
    isNamedExcluded: (path, isDirectory) => {
      const named = resolve(cwd, path);
      const directory = isDirectory ? named : dirname(named);
      if (!isWithin(directory, cwd)) elsewhere.push({ directory, patterns: given });
      const top = topOf(directory);
      const above = listAbove(named, top);
      return above.some((each) => isExcluded(each, true)) || isExcluded(named, isDirectory);
    },
  };

  function isExcluded(path: string, isDirectory: boolean): boolean {
    const all = [...layersOf(dirname(path)), ...elsewhere, { directory: cwd, patterns: given }];
    return matchLayers(all, path, isDirectory);
  }

  function layersOf(directory: string): readonly IgnoreLayer[] {
    if (!withFiles) return [];
    const known = layers.get(directory);
    if (known !== undefined) return known;
    const above = directory === topOf(directory) ? [] : layersOf(dirname(directory));
    const text = readPatterns(join(directory, IGNORE_FILE));
    const all = text === undefined ? above : [...above, { directory, patterns: parseIgnorePatterns(text) }];
    layers.set(directory, all);
    return all;
  }

  /** The directory with the first ignore file: the root of the repository, or the working directory. */
  function topOf(directory: string): string {
    const repository = findRepository(directory);
    if (repository !== undefined) return repository;
    if (isWithin(directory, cwd)) return cwd;
    return elsewhere.find((each) => isWithin(directory, each.directory))?.directory ?? directory;
  }
}

/** The directories between the top and a path, without either. */
function listAbove(path: string, top: string): string[] {
  const above: string[] = [];
  for (let at = dirname(path); at !== top && isWithin(at, top); at = dirname(at)) above.unshift(at);
  return above;
}

function parseGiven(pattern: string) {
  const parsed = parseIgnorePatterns(pattern);
  if (parsed.length === 1) return parsed;
  throw new UserError(
    `not a pattern of --exclude (got ${quote(pattern)}); write one as in .gitignore, such as 'charts/'`,
  );
}

function readPatterns(path: string): string | undefined {
  // Most directories have no ignore file, and an error takes far longer than this call.
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UserError(
      `cannot read ${escapePath(path)} (${code ?? 'unknown error'}); check its permissions`,
    );
  }
}
