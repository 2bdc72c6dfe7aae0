/** Something that the user of the command line can mend; the message says how, and the exit code is 2. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}

/**
 * Something about certificates that only the user can put right: a file, a directory, a name. The message says
 * what is wrong and what to do, and is fit to be shown as it is.
 */
export class CertificateError extends UserError {
  override readonly name: string = 'CertificateError';
}

/** What anything that was thrown says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** What Node.js says of a failed system call, such as ENOENT. */
export function errorCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;
}

/** Where an error was thrown, but not what it said: its message may quote an object, and in more than one line. */
export function stackFrames(error: Error): string[] {
  return (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
}

/** Whatever was thrown, as an Error with a stack for the log. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
