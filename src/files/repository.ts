import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The directory of the git repository that a directory belongs to; undefined where it belongs to none. */
export function findRepository(directory: string): string | undefined {
  let at = directory;
  while (!existsSync(join(at, '.git'))) {
    const parent = dirname(at);
    if (parent === at) return undefined;
    at = parent;
  }
  return at;
}
