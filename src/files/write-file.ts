import { constants, type Stats } from 'node:fs';
import { access, type FileHandle, lstat, open, readFile, rename } from 'node:fs/promises';
import { errorCode } from '../errors.ts';
import { withFileBeside } from './atomic-file.ts';

/** The result of writing a text. */
export interface WriteResult {
  readonly isWritten: boolean;
  /** A message for the user: why the text was not written, or what else has changed. */
  readonly message?: string;
}

/** Error codes of a file that the user may not write. */
const READ_ONLY: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS'];

/**
 * Replaces the text of a file, as a whole or not at all, and keeps its mode, its owner and its hard links. A symbolic
 * link is not written, because its target may be anywhere. A read-only file is not written, because a user has
 * protected it.
 * @throws the error of the file system; the file is then unchanged
 */
export async function replaceText(path: string, before: string, after: string): Promise<WriteResult> {
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) {
    return { isWritten: false, message: 'not written, it is a symbolic link; name the file itself' };
  }
  if (!stats.isFile()) {
    return {
      isWritten: false,
      message: 'not written, it is not a regular file; correct the program that writes it',
    };
  }
  if (await isReadOnly(path, stats)) {
    return { isWritten: false, message: 'not written, it is read-only; make it writable first' };
  }
  // Root in a container must not become the owner of the user's files.
  const attributes = { mode: stats.mode & 0o7777, owner: stats };
  return withFileBeside(path, after, attributes, async (temporary) => {
    if ((await readFile(path, 'utf8')) !== before) {
      return { isWritten: false, message: 'not written, another process is changing it; try again' };
    }
    if (stats.nlink === 1) {
      await rename(temporary, path);
      return { isWritten: true };
    }
    await overwrite(path, before, after);
    return { isWritten: true, message: `written under all of its ${stats.nlink} names (hard links)` };
  });
}

/** Root may write every file, but must not write one that is read-only for all. */
async function isReadOnly(path: string, { mode }: Stats): Promise<boolean> {
  if ((mode & 0o222) === 0) return true;
  try {
    await access(path, constants.W_OK);
    return false;
  } catch (error) {
    if (READ_ONLY.includes(errorCode(error))) return true;
    throw error;
  }
}

/** A new file would leave the old text under the other names. It is known that the disk has room. */
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
