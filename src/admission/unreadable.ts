/** What is wrong with a body, as a word that contains nothing of it. */
export type UnreadableReason =
  | 'empty'
  | 'too-deep'
  | 'too-large'
  | 'too-many-values'
  | 'repeated-key'
  | 'not-json'
  | 'not-a-review'
  | 'no-request'
  | 'no-uid';

/** The body is no AdmissionReview that can be answered. The message is for the client, the reason for the log. */
export class UnreadableReviewError extends Error {
  override name = 'UnreadableReviewError';
  readonly reason: UnreadableReason;

  constructor(reason: UnreadableReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The message of V8 quotes the text around the error, which may be a secret. */
export function notJson(): UnreadableReviewError {
  return new UnreadableReviewError(
    'not-json',
    'the body is not JSON; send an AdmissionReview as JSON in UTF-8',
  );
}
