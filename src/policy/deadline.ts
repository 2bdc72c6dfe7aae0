/** The deadline of the request has passed, and the client no longer waits for the answer. */
export class DeadlineExceededError extends Error {
  override name = 'DeadlineExceededError';
}
