import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * A character of UTF-8 has at most four bytes, a file name at most 255, and the other parts of our names need about
 * 40.
 */
const MAX_BASE = 50;

/** A hidden name beside `path`, which removeTemporaries finds. The process id shows which process made the file. */
export function temporaryName(path: string): string {
  const unique = `${process.pid}.${randomBytes(6).toString('hex')}`;
  return join(dirname(path), `.${basename(path).replace(/^\./, '').slice(0, MAX_BASE)}.${unique}.tmp`);
}

const TEMPORARY = /^\.(?:(?:ca|tls)\.(?:crt|key)|lock)\.\d+\.[0-9a-f]{12}\.tmp$/;

/** The permissions and the owner of a file. */
export interface FileAttributes {
  readonly mode: number;
  /** Where it is set, mode and owner are exactly these. Left out: the owner is the process, and its umask counts. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/**
 * Writes a file so that readers see the old text or the new text, never a part, even after a power failure.
 * @throws the error of the file system; the temporary file is then removed
 */
export function writeAtomically(path: string, text: string, mode: number): Promise<void> {
  return withFileBeside(path, text, { mode }, (temporary) => rename(temporary, path));
}

/**
 * Writes a whole file beside `path` and syncs it to the disk. Removes it after `use`, unless `use` has renamed it.
 * Until then `path` is unchanged, and it is known that the disk has room for the text.
 */
export async function withFileBeside<T>(
  path: string,
  text: string,
  attributes: FileAttributes,
  use: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = temporaryName(path);
  try {
    await writeNew(temporary, text, attributes);
    return await use(temporary);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function writeNew(path: string, text: string, { mode, owner }: FileAttributes): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(text);
    if (owner !== undefined) await setAttributes(handle, mode, owner);
    // Without sync, a crash of the machine may keep the rename and lose the content: an empty key.
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function setAttributes(
  handle: FileHandle,
  mode: number,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): Promise<void> {
  const own = await handle.stat();
  if (own.uid !== uid || own.gid !== gid) await handle.chown(uid, gid);
  // The umask or a new owner may have changed the mode.
  await handle.chmod(mode);
}

/**
 * Syncs the renames in a directory to the disk. Some file systems cannot; the next start then repairs what is lost.
 */
export async function syncDirectory(dir: string): Promise<void> {
  try {
    const handle = await open(dir, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Nothing is broken, only less durable.
  }
}

/**
 * Removes the temporary files of killed processes: those last written before `before`, or all of them. Only the owner
 * of the directory's lock may remove all. Never throws: these files do no harm.
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
    // The directory is read-only, or another process removed the file first.
  }
}
