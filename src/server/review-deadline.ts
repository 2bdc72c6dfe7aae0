import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseTimeout } from '../admission/deadline.ts';
import { read } from '../policy/json.ts';
import { RETRY_HEADERS, replyError, SHORT_LINGER } from './replies.ts';
import type { ReviewRecorder } from './review-recorder.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** When the head of the request had been read, by the server's clock. */
    startedAt: number;
    /** When the client stops waiting for the answer. */
    deadline: number;
    deadlineTimer: NodeJS.Timeout | undefined;
  }
}

/**
 * A body that arrives too slowly is cut off at the deadline: then the client has stopped waiting.
 * @param longest the maximum time for a body, in milliseconds
 */
export function startDeadline(
  request: FastifyRequest,
  reply: FastifyReply,
  longest: number,
  recorder: ReviewRecorder,
): void {
  if (request.method !== 'POST') return;
  const timeout = timeoutOf(request);
  request.deadline = request.startedAt + timeout;
  request.deadlineTimer = setTimeout(
    () => {
      if (reply.sent) return;
      const path = recorder.pathOf(request);
      const ms = recorder.msOf(request);
      recorder.unanswered({ path, verdict: 'deadline', ms }, 'deadline exceeded while the body was read');
      replyError(reply, 503, 'the deadline of the request has passed', RETRY_HEADERS, SHORT_LINGER);
    },
    Math.min(timeout, longest),
  );
}

function timeoutOf(request: FastifyRequest): number {
  const timeout = read(request.query, 'timeout');
  return parseTimeout(typeof timeout === 'string' ? timeout : undefined);
}
