import type https from 'node:https';
import type { Socket } from 'node:net';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { ClientPolicy } from '../tls/client-auth.ts';
import type { ServingTlsOptions } from '../tls/secure-context.ts';
import { BODY_LIMIT, BodyTooLargeError, readBody, TooManyBodiesError } from './body.ts';
import { createBodyBudget } from './body-budget.ts';
import { clientProblemAt } from './client-problem.ts';
import { type ConnectionLimits, DEFAULT_LIMITS, limitConnections } from './connection-limit.ts';
import {
  answerClientError,
  answerExpectation,
  type ConnectionTimes,
  DEFAULT_TIMES,
  handshakeFault,
  trackAge,
  trackInFlight,
} from './connections.ts';
import { addHealthRoutes } from './health.ts';
import { createOwnConnections, type OwnConnections } from './own-connections.ts';
import type { Readiness } from './readiness.ts';
import { CLOSE_HEADERS, RETRY_HEADERS, replyError, SHORT_LINGER } from './replies.ts';
import { addRequestHooks } from './request-hooks.ts';
import { createReviewHandler } from './review-handler.ts';
import { createReviewRecorder, createSilentRecorder, type ReviewRecorder } from './review-recorder.ts';
import { REVIEW_ROUTES } from './review-route.ts';

const MAX_HEADER_BYTES = 16 * 1024;

export interface WebhookServerOptions {
  readonly tls: ServingTlsOptions;
  /** The clients that may call. Undefined: all. Needs `tls` to ask for certificates. */
  readonly clients?: ClientPolicy | undefined;
  /** Own connections are always answered, and neither counted nor logged. */
  readonly own?: OwnConnections;
  readonly registry: Registry;
  readonly settings: PolicySettings;
  readonly readiness: Readiness;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly times?: ConnectionTimes;
  readonly limits?: ConnectionLimits;
}

export type WebhookServer = FastifyInstance<https.Server>;

/** The HTTPS server of the webhooks: the routes, their limits, and an answer to every input. */
export function createWebhookServer(options: WebhookServerOptions): WebhookServer {
  const { clients, metrics, now, own = createOwnConnections(), readiness, registry, settings } = options;
  const times = options.times ?? DEFAULT_TIMES;
  const recorder = createReviewRecorder({ log: options.log, metrics, now, registry });
  const silent = createSilentRecorder({ log: options.log, now, registry });
  const recorderOf = ({ raw }: FastifyRequest) => (own.has(raw.socket) ? silent : recorder);
  const clientProblemOf = (socket: Socket) =>
    own.has(socket) ? undefined : clientProblemAt(socket, clients);
  const app = createApp(options.tls, times, (error, socket) => {
    // A client that may not call needs a connection only for a probe, which it sends at once.
    const idle = clientProblemOf(socket) === undefined ? times.idle - times.head : 0;
    const fault = answerClientError(error, socket, { idle, hasRequest: inFlight.has(socket) });
    if (fault !== undefined) metrics.countConnectionFault(fault);
  });
  guardConnections(app.server, metrics);
  parseBodies(app, metrics, now);

  const inFlight = trackInFlight(app.server, metrics);
  const connections = limitConnections(app.server, options.limits ?? DEFAULT_LIMITS, {
    isBusy: inFlight.has,
    now,
    onChange: metrics.setConnections,
    onGivenUp: () => metrics.countConnectionFault('crowded'),
  });
  const age = trackAge(app.server, times.recycle, now, options.random);
  addRequestHooks(app, {
    clientProblemAt: clientProblemOf,
    longestBody: times.body,
    recorderOf,
    now,
    mustGo: (socket) => readiness.isDraining() || age.isOld(socket),
    onStart: inFlight.start,
    onEnd: (socket, isSent) => {
      inFlight.end(socket);
      if (isSent) connections.used(socket);
    },
  });
  app.setErrorHandler<FastifyError>((error, request, reply) =>
    answerError(error, request, reply, recorderOf(request)),
  );

  addHealthRoutes(app, readiness);
  const handle = createReviewHandler({ registry, settings, recorderOf, now });
  for (const path of REVIEW_ROUTES) app.post(path, handle);
  return app;
}

function createApp(
  tls: ServingTlsOptions,
  times: ConnectionTimes,
  onClientError: (error: Error & { code?: string }, socket: Socket) => void,
): WebhookServer {
  return Fastify<https.Server>({
    https: {
      ...tls,
      maxHeaderSize: MAX_HEADER_BYTES,
      connectionsCheckingInterval: times.head / 5,
      // Node.js would reject the request with an empty body. The name that a client uses does not matter.
      requireHostHeader: false,
      headersTimeout: times.head,
    },
    logger: false,
    keepAliveTimeout: times.idle,
    // By then each request has been answered, and the connection is closed.
    requestTimeout: times.head + times.body + SHORT_LINGER.total,
    exposeHeadRoutes: false,
    // A path is at most as long as the head. An unknown provider is allowed, whatever its length is.
    routerOptions: { maxParamLength: MAX_HEADER_BYTES },
    // While draining, reviews get real answers: a bare 503 is an admission failure for the user.
    return503OnClosing: false,
    forceCloseConnections: false,
    clientErrorHandler: onClientError,
    // These skip the hooks, and with them Connection: close of a server that drains.
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) =>
      replyError(reply, error.statusCode ?? 400, 'the request line cannot be read', CLOSE_HEADERS),
  });
}

/** Handles connections without a request. */
function guardConnections(server: https.Server, metrics: Metrics): void {
  server.maxHeadersCount = 100;
  server.on('checkExpectation', answerExpectation);
  // The handshake failed or never ended: no answer is possible, and the socket must be closed.
  server.prependListener('tlsClientError', (error, socket) => {
    metrics.countConnectionFault(handshakeFault(error));
    socket.destroy();
  });
  server.on('drop', () => metrics.countConnectionFault('limit'));
}

/** Raw bytes only: we parse them ourselves, because `__proto__` is a legal key and duplicate keys must be found. */
function parseBodies(app: WebhookServer, metrics: Metrics, now: () => number): void {
  const bodies = createBodyBudget(now, metrics.setBodyBytes);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', (_request, payload, done) => readBody(payload, bodies, done));
}

/** Answers where a body could not be received, and for our own faults outside of a review. */
function answerError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  recorder: ReviewRecorder,
): FastifyReply {
  if (error instanceof BodyTooLargeError) {
    const message = `the body is too large; at most ${BODY_LIMIT} bytes are read`;
    return replyError(reply, 413, message, CLOSE_HEADERS);
  }
  if (error instanceof TooManyBodiesError) {
    const path = recorder.pathOf(request);
    const reason = 'too many bytes are being received at once';
    recorder.unanswered({ path, verdict: 'overload', ms: recorder.msOf(request), reason }, 'upload rejected');
    return replyError(reply, 429, `${reason}; try again`, RETRY_HEADERS);
  }
  const status = error.statusCode ?? 500;
  if (status < 500) return replyError(reply, status, 'the request cannot be read', CLOSE_HEADERS);
  recorder.failed('server', error);
  return replyError(reply, 500, 'internal fault; the webhook failurePolicy decides');
}
