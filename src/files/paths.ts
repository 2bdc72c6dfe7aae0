import { isAbsolute, relative, resolve, sep } from 'node:path';

/** The path of a file relative to the root of the run. Absolute where the file is outside of it. */
export function relativeTo(root: string, file: string): string {
  const path = resolve(root, file);
  const below = relative(root, path);
  const isBelow = below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
  return (isBelow ? below : path).replaceAll(sep, '/');
}
