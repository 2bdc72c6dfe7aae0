/** The caller has gone: an answer after its deadline is read by nobody. */
export class DeadlineExceededError extends Error {
  override name = 'DeadlineExceededError';
}
