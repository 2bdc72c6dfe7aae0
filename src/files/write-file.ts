import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { access, type FileHandle, lstat, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What became of a text that was to be written. */
export interface Written {
  readonly isWritten: boolean;
  /** What the user should know of it: why it was not written, or what else has changed. */
  readonly told?: string;
}

/** Codes of a file that its user may not write. */
const READ_ONLY: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS'];

/**
 * Replaces a file's text, all or nothing, and keeps its mode, its owner and its other names. A symbolic link is left
 * alone, because what it points to may lie where nobody expects a change; so is a file that is read-only, which somebody
 * has made so.
 * @throws what the file system throws, with the file as it was
 */
export async function replaceText(path: string, before: string, after: string): Promise<Written> {
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) {
    return { isWritten: false, told: 'not written, it is a symbolic link; name the file itself' };
  }
  if (await isReadOnly(path, stats)) {
    return { isWritten: false, told: 'not written, it is read-only; make it writable first' };
  }
  const next = join(dirname(path), `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeBeside(next, after, stats);
    if ((await readFile(path, 'utf8')) !== before) {
      return { isWritten: false, told: 'not written, somebody else is changing it; try again' };
    }
    if (stats.nlink === 1) {
      await rename(next, path);
      return { isWritten: true };
    }
    await overwrite(path, before, after);
    return { isWritten: true, told: `written under all of its ${stats.nlink} names (hard links)` };
  } finally {
    await rm(next, { force: true });
  }
}

/** Root may write everything, and should not write what nobody is to write. */
async function isReadOnly(path: string, { mode }: Stats): Promise<boolean> {
  if ((mode & 0o222) === 0) return true;
  try {
    await access(path, constants.W_OK);
    return false;
  } catch (error) {
    if (error instanceof Error && 'code' in error && READ_ONLY.includes(error.code)) return true;
    throw error;
  }
}

async function writeBeside(next: string, text: string, stats: Stats): Promise<void> {
  const file = await open(next, 'wx', stats.mode & 0o7777);
  try {
    await file.writeFile(text);
    await keepOwner(file, stats);
    // The umask may have taken some of it away, and so does a new owner.
    await file.chmod(stats.mode & 0o7777);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Root in a container must not take the files of whoever started it. */
async function keepOwner(file: FileHandle, { uid, gid }: Stats): Promise<void> {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid);
}

/** A new file in its place would leave the other names with the old text. That there is room has just been seen. */
async function overwrite(path: string, before: string, after: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await fill(file, after);
  } catch (error) {
    await fill(file, before);
    throw error;
  } finally {
    await file.close();
  }
}

async function fill(file: FileHandle, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  let at = 0;
  while (at < bytes.length) at += (await file.write(bytes, at, bytes.length - at, at)).bytesWritten;
  await file.truncate(bytes.length);
  await file.sync();
}
