import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, lstat, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Replaces a file's text, all or nothing, and keeps its mode and owner. A symbolic link is left alone: what it points to may
 * lie where nobody expects a change.
 * @returns why it was not written, if it was not
 * @throws what the file system throws
 */
export async function replaceText(path: string, before: string, after: string): Promise<string | undefined> {
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) return 'a symbolic link; name the file itself';
  const next = join(dirname(path), `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(next, 'wx', stats.mode & 0o7777);
    try {
      await file.writeFile(after);
      await keepOwner(file, stats);
      // The umask may have taken some of it away, and so does a new owner.
      await file.chmod(stats.mode & 0o7777);
      await file.sync();
    } finally {
      await file.close();
    }
    if ((await readFile(path, 'utf8')) !== before) {
      await rm(next);
      return 'being changed by somebody else; try again';
    }
    await rename(next, path);
    return undefined;
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}

/** Root in a container must not take the files of whoever started it. */
async function keepOwner(file: FileHandle, { uid, gid }: Stats): Promise<void> {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid);
}
