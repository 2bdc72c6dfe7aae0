import { randomBytes } from 'node:crypto';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Replaces a file's text, all or nothing, and keeps its mode. A symbolic link is left alone: what it points to may
 * lie where nobody expects a change.
 * @returns why it was not written, if it was not
 * @throws what the file system throws
 */
export async function replaceText(path: string, text: string): Promise<string | undefined> {
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) return 'a symbolic link; name the file itself';
  const next = join(dirname(path), `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(next, 'wx', stats.mode & 0o7777);
    try {
      await file.writeFile(text);
      // The umask may have taken some of it away.
      await file.chmod(stats.mode & 0o7777);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, path);
    return undefined;
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}
