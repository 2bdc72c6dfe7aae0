/** A mistake of the user of the command line. The message says how to correct it, and the exit code is 2. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}

/**
 * A mistake in certificates that only the operator can correct: a file, a directory, a name. The message says what is
 * wrong and what to do, and can be shown as it is.
 */
export class CertificateError extends UserError {
  override readonly name: string = 'CertificateError';
}

/** The message of a thrown value. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The code of a failed system call in Node.js, such as ENOENT. */
export function errorCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;
}

/** The stack of an error without its message, which may quote an object and have more than one line. */
export function stackFrames(error: Error): string[] {
  return (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
}

/** A thrown value as an Error with a stack, for the log. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
