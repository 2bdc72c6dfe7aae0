import { compileGlob } from './glob.ts';

/** One line of an ignore file, with the syntax of gitignore. */
export interface IgnorePattern {
  /** Includes again what an earlier pattern has excluded. */
  readonly isNegated: boolean;
  readonly isForDirectories: boolean;
  /** @param path relative to the directory of the ignore file, with slashes */
  matches(path: string): boolean;
}

/** Each applies to its directory and all directories below it. */
export const IGNORE_FILE = '.calico-admission-ignore';

/** The patterns of a text, one on each line, without empty lines and comments. */
export function parseIgnorePatterns(text: string): IgnorePattern[] {
  return text.split(/\r?\n/).flatMap((line) => parsePattern(line) ?? []);
}

function parsePattern(line: string): IgnorePattern | undefined {
  if (line.startsWith('#')) return undefined;
  const isNegated = line.startsWith('!');
  // A space at the end counts only after a backslash.
  const written = (isNegated ? line.slice(1) : line).replace(/(?<!\\)[ \t]+$/, '');
  const isForDirectories = written.endsWith('/');
  const body = isForDirectories ? written.slice(0, -1) : written;
  const glob = body.startsWith('/') ? body.slice(1) : body;
  if (glob === '') return undefined;
  const isAnchored = body.includes('/');
  const isMatch = compileGlob(glob);
  return {
    isNegated,
    isForDirectories,
    matches: (path) => isMatch(isAnchored ? path : path.slice(path.lastIndexOf('/') + 1)),
  };
}

/** Patterns, and the absolute path of the directory that they apply to. */
export interface IgnoreLayer {
  readonly directory: string;
  readonly patterns: readonly IgnorePattern[];
}

/** Whether a path is excluded. The last pattern that matches decides, and later layers take precedence. */
export function matchLayers(layers: readonly IgnoreLayer[], path: string, isDirectory: boolean): boolean {
  for (const { directory, patterns } of layers.toReversed()) {
    const prefix = directory.endsWith('/') ? directory : `${directory}/`;
    if (!path.startsWith(prefix)) continue;
    const below = path.slice(prefix.length);
    const last = patterns.findLast((each) => (isDirectory || !each.isForDirectories) && each.matches(below));
    if (last !== undefined) return !last.isNegated;
  }
  return false;
}
