import { mkdirSync } from 'node:fs';
import module from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { errorCode } from '../errors.ts';

/**
 * Lets Node.js 22 and later keep compiled code for the next start, in the user's cache directory. Without one, or
 * where it cannot be written, each start compiles. The variables NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE of
 * Node.js take precedence.
 */
export function keepCompiled(env: NodeJS.ProcessEnv): void {
  // The types of Node.js 20 do not have it.
  const { enableCompileCache } = module as { enableCompileCache?: (directory: string) => unknown };
  const directory = compileCacheOf(env);
  if (enableCompileCache === undefined || directory === undefined) return;
  if ([dirname(dirname(directory)), dirname(directory), directory].every(canMake))
    enableCompileCache(directory);
}

/** A directory of the user: code in it is run, so that no other user may write it, as they may in /tmp. */
export function compileCacheOf(env: NodeJS.ProcessEnv): string | undefined {
  if (isSet(env['NODE_COMPILE_CACHE'])) return undefined;
  const cache = isSet(env['XDG_CACHE_HOME']) ? env['XDG_CACHE_HOME'] : join(env['HOME'] ?? '', '.cache');
  return isAbsolute(cache) ? join(cache, 'calico-admission', 'compiled') : undefined;
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

/**
 * Creates one directory after the other: where a directory cannot be created, for example in /proc, Node.js would
 * never stop trying.
 */
function canMake(directory: string): boolean {
  try {
    mkdirSync(directory, { mode: 0o700 });
    return true;
  } catch (error) {
    return errorCode(error) === 'EEXIST';
  }
}
