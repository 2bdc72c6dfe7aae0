import { isAbsolute, relative, resolve, sep } from 'node:path';

/** A file as seen from the directory that the run is about; as an absolute path where it is not below it. */
export function relativeTo(root: string, file: string): string {
  const path = resolve(root, file);
  const below = relative(root, path);
  const isBelow = below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
  return (isBelow ? below : path).replaceAll(sep, '/');
}
