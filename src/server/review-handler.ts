import type { FastifyReply, FastifyRequest } from 'fastify';
import { createCheckpoint } from '../admission/deadline.ts';
import { decide } from '../admission/decide.ts';
import { createReviewReader, type Review } from '../admission/read.ts';
import { UnreadableReviewError } from '../admission/unreadable.ts';
import { DeadlineExceededError } from '../policy/deadline.ts';
import { RuleFaultError } from '../policy/evaluate.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import { RETRY_HEADERS, replyError } from './replies.ts';
import type { FailedReview, ReviewRecorder } from './review-recorder.ts';
import { routeOf } from './review-route.ts';

export interface ReviewHandlerOptions {
  readonly registry: Registry;
  readonly settings: PolicySettings;
  readonly recorderOf: (request: FastifyRequest) => ReviewRecorder;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** Answers a review. The handler has no state: any replica may answer any review. */
export function createReviewHandler(options: ReviewHandlerOptions) {
  const { registry, settings, recorderOf, now } = options;
  const readReview = createReviewReader(registry);

  /** Returns nothing: where a reply is returned, Fastify adds listeners and waits for the end of its stream. */
  return (request: FastifyRequest, reply: FastifyReply): void => {
    clearTimeout(request.deadlineTimer);
    const route = routeOf(request);
    const recorder = recorderOf(request);
    const path = recorder.pathOf(request);
    let review: Review | undefined;
    try {
      review = readReview(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
      const checkpoint = createCheckpoint(request.deadline, now);
      const decision = decide(review, route, { registry, settings, checkpoint });
      recorder.answered(review, decision, path, recorder.msOf(request));
      reply.type('application/json').send(JSON.stringify(decision.answer));
    } catch (error) {
      const { uid, operation = 'other' }: Partial<Review> = review ?? {};
      answerFailure(reply, error, { path, operation, uid, ms: recorder.msOf(request) }, recorder);
    }
  };
}

function answerFailure(
  reply: FastifyReply,
  thrown: unknown,
  { path, operation, uid, ms }: FailedReview,
  recorder: ReviewRecorder,
): void {
  if (thrown instanceof UnreadableReviewError) {
    const { reason } = thrown;
    recorder.unanswered({ path, operation, verdict: 'unreadable', ms, reason }, 'unreadable review');
    replyError(reply, 400, thrown.message);
    return;
  }
  if (thrown instanceof DeadlineExceededError) {
    const about = { path, operation, verdict: 'deadline', ms, ...(uid !== undefined && { uid }) } as const;
    recorder.unanswered(about, 'deadline exceeded');
    replyError(reply, 503, thrown.message, RETRY_HEADERS);
    return;
  }
  const source = thrown instanceof RuleFaultError ? thrown.rule : 'admission';
  recorder.failed(source, thrown, { path, operation, uid, ms });
  replyError(reply, 500, `internal fault in ${source}; the webhook failurePolicy decides`);
}
