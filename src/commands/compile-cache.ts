import { mkdirSync } from 'node:fs';
import module from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { errorCode } from '../errors.ts';

/**
 * Lets Node.js 22 and later keep what it compiled for the next start, below the user's cache directory. Without one,
 * or where it cannot be written, each start compiles. The variables NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE of
 * Node.js come first.
 */
export function keepCompiled(env: NodeJS.ProcessEnv): void {
  // Types of Node.js 20 do not know it.
  const { enableCompileCache } = module as { enableCompileCache?: (directory: string) => unknown };
  const directory = compileCacheOf(env);
  if (enableCompileCache === undefined || directory === undefined) return;
  if ([dirname(dirname(directory)), dirname(directory), directory].every(canMake))
    enableCompileCache(directory);
}

/** The user's own: what lies there is run, so that nobody else may write it, as they may in /tmp. */
export function compileCacheOf(env: NodeJS.ProcessEnv): string | undefined {
  if (isSet(env['NODE_COMPILE_CACHE'])) return undefined;
  const cache = isSet(env['XDG_CACHE_HOME']) ? env['XDG_CACHE_HOME'] : join(env['HOME'] ?? '', '.cache');
  return isAbsolute(cache) ? join(cache, 'calico-admission', 'compiled') : undefined;
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

/** One directory after the other: where one cannot be made, as below /proc, Node.js would try for ever. */
function canMake(directory: string): boolean {
  try {
    mkdirSync(directory, { mode: 0o700 });
    return true;
  } catch (error) {
    return errorCode(error) === 'EEXIST';
  }
}
