import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The root of the git repository that contains a directory. Undefined where there is none. */
export function findRepository(directory: string): string | undefined {
  return createRepositoryFinder()(directory);
}

/** The same for many directories. Each is looked at once. */
export function createRepositoryFinder(): (directory: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (directory) => {
    const passed: string[] = [];
    let at = directory;
    while (!known.has(at)) {
      passed.push(at);
      if (existsSync(join(at, '.git'))) known.set(at, at);
      else if (dirname(at) === at) known.set(at, undefined);
      else at = dirname(at);
    }
    const found = known.get(at);
    for (const each of passed) known.set(each, found);
    return found;
  };
}
