/** What is wrong with a body, in words that hold nothing of it. */
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

/** Not an AdmissionReview that can be answered. The message is for whoever sent it, the reason for the log. */
export class UnreadableReviewError extends Error {
  override name = 'UnreadableReviewError';
  readonly reason: UnreadableReason;

  constructor(reason: UnreadableReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** V8's own message quotes the text around the fault, which may be anybody's secret. */
export function notJson(): UnreadableReviewError {
  return new UnreadableReviewError(
    'not-json',
    'the body is not JSON; send an AdmissionReview as JSON in UTF-8',
  );
}
