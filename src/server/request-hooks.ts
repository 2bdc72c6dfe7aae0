import type https from 'node:https';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { rejectClient } from './client-problem.ts';
import { CLOSE_HEADERS, replyError } from './replies.ts';
import { checkRequest } from './request-check.ts';
import { startDeadline } from './review-deadline.ts';
import type { ReviewRecorder } from './review-recorder.ts';

export interface RequestHooksOptions {
  /** Why the client may not call. Undefined where it may. */
  readonly clientProblemAt: (socket: Socket) => string | undefined;
  /** The maximum time for a body, in milliseconds. */
  readonly longestBody: number;
  readonly recorderOf: (request: FastifyRequest) => ReviewRecorder;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /**
   * Whether the connection should end with this answer. The client then closes it, so that none is closed under a
   * request, and the next request may go to another replica.
   */
  readonly mustGo: (socket: Socket) => boolean;
  readonly onStart: (socket: Socket) => void;
  /** @param isSent whether the whole answer was sent */
  readonly onEnd: (socket: Socket, isSent: boolean) => void;
}

/** Checks each request before its body is read, and adds headers to its answer. */
export function addRequestHooks(app: FastifyInstance<https.Server>, options: RequestHooksOptions): void {
  const { clientProblemAt, recorderOf, mustGo } = options;
  app.decorateRequest('startedAt', 0);
  app.decorateRequest('deadline', 0);
  app.decorateRequest('deadlineTimer', undefined);

  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    request.startedAt = options.now();
    if (mustGo(socket)) reply.raw.shouldKeepAlive = false;
    options.onStart(socket);
    reply.raw.on('close', () => {
      clearTimeout(request.deadlineTimer);
      options.onEnd(socket, reply.raw.writableFinished);
    });
    if (isRejected(request, reply)) return;
    startDeadline(request, reply, options.longestBody, recorderOf(request));
    done();
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (mustGo(request.raw.socket)) reply.raw.shouldKeepAlive = false;
    done();
  });

  /** Answers a request that is rejected. */
  function isRejected(request: FastifyRequest, reply: FastifyReply): boolean {
    const reason = clientProblemAt(request.raw.socket);
    if (reason !== undefined) reply.raw.shouldKeepAlive = false;
    const clientProblem = rejectClient(request, reason, recorderOf(request));
    if (clientProblem !== undefined) {
      replyError(reply, 403, clientProblem, CLOSE_HEADERS);
      return true;
    }
    const rejection = checkRequest(request);
    if (rejection) replyError(reply, rejection.status, rejection.message, rejection.headers);
    return rejection !== undefined;
  }
}
