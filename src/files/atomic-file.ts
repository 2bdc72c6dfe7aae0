import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Bytes of UTF-8 are at most four of each; a name may have 255, and the rest of ours takes some 40. */
const MAX_BASE = 50;

/** A hidden name beside `path` that removeTemporaries knows again; the process id helps whoever finds it. */
export function temporaryName(path: string): string {
  const unique = `${process.pid}.${randomBytes(6).toString('hex')}`;
  return join(dirname(path), `.${basename(path).replace(/^\./, '').slice(0, MAX_BASE)}.${unique}.tmp`);
}

const TEMPORARY = /^\.(?:(?:ca|tls)\.(?:crt|key)|lock)\.\d+\.[0-9a-f]{12}\.tmp$/;

/** Who may do what with a file. */
export interface FileAttributes {
  readonly mode: number;
  /** Given, mode and owner are exactly these; left out, the file is the process's, and its umask counts. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/**
 * Writes a file so that readers see the old text or the new one, never a part, even when the power fails.
 * Throws the file system's own errors; what it had begun is then removed.
 */
export function writeAtomically(path: string, text: string, mode: number): Promise<void> {
  return withFileBeside(path, text, { mode }, (temporary) => rename(temporary, path));
}

/**
 * Writes a whole file beside `path`, on the disk and not only in memory, and removes it after `use`, unless that has
 * renamed it. Until then nothing has happened to `path`; that there is room for the text is known.
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
    // Without this a crash of the machine may keep the rename and lose the content: an empty key.
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
  // The umask may have taken some of it away, and so does a new owner.
  await handle.chmod(mode);
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
