import { readFile } from 'node:fs/promises';
import { errorCode, UserError } from '../errors.ts';
import { escapePath } from '../policy/message.ts';
import type { Io } from './command.ts';

/**
 * Reads a file, or standard input where the path is `-`.
 * @throws UserError when it cannot be read
 */
export async function readInput(path: string, io: Io): Promise<Buffer> {
  if (path === '-') return io.readStdin();
  try {
    return await readFile(path);
  } catch (error) {
    const code = errorCode(error) ?? 'unknown error';
    throw new UserError(`cannot read ${escapePath(path)} (${code}); check the path and its permissions`);
  }
}
