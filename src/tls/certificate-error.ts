/**
 * Something about certificates that only the user can put right: a file, a directory, a name. The message says
 * what is wrong and what to do, and is fit to be shown as it is. Commands turn it into exit code 2.
 */
export class CertificateError extends Error {
  override readonly name: string = 'CertificateError';
}

/** What anything that was thrown says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
