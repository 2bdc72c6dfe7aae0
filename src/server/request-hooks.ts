import type https from 'node:https';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CLOSE_HEADERS, replyError } from './replies.ts';
import { checkRequest } from './request-check.ts';
import { startDeadline } from './review-deadline.ts';
import type { ReviewRecorder } from './review-recorder.ts';
import { refuseStranger } from './strangers.ts';

export interface RequestHooksOptions {
  /** Why whoever is at the other end may not call; undefined where they may. */
  readonly strangerAt: (socket: Socket) => string | undefined;
  /** Milliseconds that a body may take. */
  readonly longestBody: number;
  readonly recorderOf: (request: FastifyRequest) => ReviewRecorder;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /**
   * Whether a connection should end with the answer that is being given. Its client then closes it, so that none is
   * closed under a request, and the next one goes elsewhere.
   */
  readonly mustGo: (socket: Socket) => boolean;
  readonly onStart: (socket: Socket) => void;
  /** @param isSent whether the answer has gone out as a whole */
  readonly onEnd: (socket: Socket, isSent: boolean) => void;
}

/** What happens to each request before its body is read, and what is added to its answer. */
export function addRequestHooks(app: FastifyInstance<https.Server>, options: RequestHooksOptions): void {
  const { strangerAt, recorderOf, mustGo } = options;
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
    if (isRefused(request, reply)) return;
    startDeadline(request, reply, options.longestBody, recorderOf(request));
    done();
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (mustGo(request.raw.socket)) reply.raw.shouldKeepAlive = false;
    done();
  });

  /** Answers what is not to be read. */
  function isRefused(request: FastifyRequest, reply: FastifyReply): boolean {
    const reason = strangerAt(request.raw.socket);
    if (reason !== undefined) reply.raw.shouldKeepAlive = false;
    const stranger = refuseStranger(request, reason, recorderOf(request));
    if (stranger !== undefined) {
      replyError(reply, 403, stranger, CLOSE_HEADERS);
      return true;
    }
    const refusal = checkRequest(request);
    if (refusal) replyError(reply, refusal.status, refusal.message, refusal.headers);
    return refusal !== undefined;
  }
}
