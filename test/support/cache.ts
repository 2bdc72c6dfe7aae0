import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** The directory for tools that are kept between runs. */
export const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'calico-admission');

// Nothing that is made here takes longer.
const ABANDONED_MS = 3 * 3_600_000;

/**
 * Calls `fill` to make the content of the directory, unless it exists. The directory appears in one step, so that an
 * interrupted call leaves no half of it. Of two calls at the same time, the first result stays.
 */
export function makeOnce(directory: string, fill: (making: string) => void): void {
  if (existsSync(directory)) return;
  mkdirSync(dirname(directory), { recursive: true });
  removeAbandoned(directory);
  const making = mkdtempSync(`${directory}.making-`);
  try {
    fill(making);
    renameSync(making, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

function removeAbandoned(directory: string): void {
  for (const name of readdirSync(dirname(directory))) {
    if (!name.startsWith(`${basename(directory)}.making-`)) continue;
    const path = join(dirname(directory), name);
    const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > ABANDONED_MS) rmSync(path, { recursive: true, force: true });
  }
}
