/** Something that the user of the command line can mend; the message says how, and the exit code is 2. */
export class UserError extends Error {
  override name = 'UserError';
}

/** Whatever was thrown, as an Error with a stack for the log. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
