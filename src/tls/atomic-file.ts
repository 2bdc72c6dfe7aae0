import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A hidden name beside `path` that removeTemporaries knows again; the process id helps whoever finds it. */
export function temporaryName(path: string): string {
  const unique = `${process.pid}.${randomBytes(6).toString('hex')}`;
  return join(dirname(path), `.${basename(path).replace(/^\./, '')}.${unique}.tmp`);
}

const TEMPORARY = /^\.(?:(?:ca|tls)\.(?:crt|key)|lock)\.\d+\.[0-9a-f]{12}\.tmp$/;

/**
 * Writes a file so that readers see the old text or the new one, never a part, even when the power fails.
 * Throws the file system's own errors; what it had begun is then removed.
 */
export async function writeAtomically(path: string, text: string, mode: number): Promise<void> {
  const temporary = temporaryName(path);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(text);
      // Without this a crash of the machine may keep the rename and lose the content: an empty key.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Makes the renames in a directory last. Some file systems cannot, and lose at worst what a next start repairs. */
export async function syncDirectory(dir: string): Promise<void> {
  try {
    const handle = await open(dir, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // See above: nothing is broken, only less durable.
  }
}

/**
 * Removes what killed writers left behind: temporary files last written before `before`, or all of them. Only
 * whoever holds the directory's lock may remove all. Never throws: left-overs do no harm.
 */
export async function removeTemporaries(dir: string, before?: Date): Promise<void> {
  try {
    for (const name of await readdir(dir)) {
      if (!TEMPORARY.test(name)) continue;
      const path = join(dir, name);
      if (before !== undefined && (await stat(path)).mtimeMs >= before.getTime()) continue;
      await rm(path, { force: true });
    }
  } catch {
    // A directory that may only be read, or a file that somebody else removed first.
  }
}
