import type https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { firedRules } from '../admission/answer.ts';
import { createCheckpoint, parseTimeout } from '../admission/deadline.ts';
import { type Decision, decide, type Route } from '../admission/decide.ts';
import { createReviewReader, type Review, UnreadableReviewError } from '../admission/read.ts';
import { stackFrames, toError } from '../errors.ts';
import { escapeForLog, type Log, logReview } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { DeadlineExceededError } from '../policy/deadline.ts';
import { RuleFaultError } from '../policy/evaluate.ts';
import { read } from '../policy/json.ts';
import { listProviders, type Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import { type ClientPolicy, refuseClient } from '../tls/client-auth.ts';
import type { ServingTlsOptions } from '../tls/secure-context.ts';
import { BODY_LIMIT, BodyTooLargeError, readBody, TooManyBodiesError } from './body.ts';
import { createBodyBudget } from './body-budget.ts';
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
import { addHealthRoutes, isHealthRoute } from './health.ts';
import type { Readiness } from './readiness.ts';
import { CLOSE_HEADERS, RETRY_HEADERS, replyError, SHORT_LINGER } from './replies.ts';
import { checkRequest } from './request-check.ts';

const MAX_HEADER_BYTES = 16 * 1024;

export interface WebhookServerOptions {
  readonly tls: ServingTlsOptions;
  /** Whose calls are answered; undefined: everybody's. Needs `tls` to ask for certificates. */
  readonly clients?: ClientPolicy | undefined;
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

declare module 'fastify' {
  interface FastifyRequest {
    /** When the request's headers had been read, by the server's clock. */
    startedAt: number;
    /** When nobody waits for a review's answer any more. */
    deadline: number;
    deadlineTimer: NodeJS.Timeout | undefined;
  }
}

/** The HTTPS server of the webhooks: the routes, their limits, and an answer to everything that may come. */
export function createWebhookServer(options: WebhookServerOptions): WebhookServer {
  const times = options.times ?? DEFAULT_TIMES;
  const readReview = createReviewReader(options.registry);
  const providers = listProviders(options.registry);
  const app: WebhookServer = Fastify<https.Server>({
    https: {
      ...options.tls,
      maxHeaderSize: MAX_HEADER_BYTES,
      connectionsCheckingInterval: times.head / 5,
      // Node would refuse with an empty body; who calls us by which name is no matter of ours.
      requireHostHeader: false,
      headersTimeout: times.head,
    },
    logger: false,
    keepAliveTimeout: times.idle,
    // By then each request has had its answer, and what is left is closed.
    requestTimeout: times.head + times.body + SHORT_LINGER.total,
    exposeHeadRoutes: false,
    // A path is at most as long as the headers; a provider that nobody knows is allowed, whatever its length.
    routerOptions: { maxParamLength: MAX_HEADER_BYTES },
    // While draining, reviews get real answers: a bare 503 is an admission failure for the user.
    return503OnClosing: false,
    forceCloseConnections: false,
    clientErrorHandler: (error, socket) => {
      // Whoever may not call has no use for a connection but a probe, which is sent at once.
      const idle = strangerAt(socket) === undefined ? times.idle - times.head : 0;
      const fault = answerClientError(error, socket, { idle, hasRequest: inFlight.has(socket) });
      if (fault !== undefined) options.metrics.countConnectionFault(fault);
    },
    // These skip the hooks, and with them the draining server's Connection: close.
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) =>
      replyError(reply, error.statusCode ?? 400, 'the request line cannot be read', CLOSE_HEADERS),
  });
  app.server.maxHeadersCount = 100;
  app.server.on('checkExpectation', answerExpectation);
  // A handshake that fails or never ends: there is nobody to answer, and the socket must not stay.
  app.server.prependListener('tlsClientError', (error, socket) => {
    options.metrics.countConnectionFault(handshakeFault(error));
    socket.destroy();
  });
  app.server.on('drop', () => options.metrics.countConnectionFault('limit'));
  app.decorateRequest('startedAt', 0);
  app.decorateRequest('deadline', 0);
  app.decorateRequest('deadlineTimer', undefined);

  const bodies = createBodyBudget(options.now, options.metrics.setBodyBytes);
  // Only raw bytes: the parser is ours, because `__proto__` is a legal key and duplicates must be seen.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', (_request, payload, done) => readBody(payload, bodies, done));

  const inFlight = trackInFlight(app.server, options.metrics);
  const connections = limitConnections(app.server, options.limits ?? DEFAULT_LIMITS, {
    isBusy: inFlight.has,
    now: options.now,
    onChange: options.metrics.setConnections,
    onGivenUp: () => options.metrics.countConnectionFault('crowded'),
  });
  const age = trackAge(app.server, times.recycle, options.now, options.random);
  app.addHook('onRequest', (request, reply, done) => {
    request.startedAt = options.now();
    if (mustGo(request)) reply.raw.shouldKeepAlive = false;
    inFlight.start(request.raw.socket);
    reply.raw.on('close', () => {
      clearTimeout(request.deadlineTimer);
      inFlight.end(request.raw.socket);
      if (reply.raw.writableFinished) connections.used(request.raw.socket);
    });
    const reason = strangerAt(request.raw.socket);
    if (reason !== undefined) reply.raw.shouldKeepAlive = false;
    const stranger = refuseStranger(request, reason);
    if (stranger !== undefined) {
      replyError(reply, 403, stranger, CLOSE_HEADERS);
      return;
    }
    const refusal = checkRequest(request);
    if (refusal) {
      replyError(reply, refusal.status, refusal.message, refusal.headers);
      return;
    }
    startDeadline(request, reply);
    done();
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (mustGo(request)) reply.raw.shouldKeepAlive = false;
    done();
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof BodyTooLargeError) {
      const message = `the body is too large; at most ${BODY_LIMIT} bytes are read`;
      return replyError(reply, 413, message, CLOSE_HEADERS);
    }
    if (error instanceof TooManyBodiesError) {
      const path = pathLabel(routeOf(request), providers);
      const seconds = (options.now() - request.startedAt) / 1000;
      options.metrics.observeReview({ path, operation: 'other', verdict: 'overload', seconds });
      options.log.warn({ path, reason: 'too much is being received at once' }, 'upload refused');
      return replyError(reply, 429, 'too much is being received at once; try again', RETRY_HEADERS);
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return replyError(reply, status, 'the request cannot be read', CLOSE_HEADERS);
    logFault(options.log, 'server', error);
    options.metrics.countFault('server');
    return replyError(reply, 500, 'internal fault; the webhook failurePolicy decides');
  });

  addHealthRoutes(app, options.readiness);
  for (const path of ['/validate', '/mutate', '/mutate/:provider']) app.post(path, handle);
  return app;

  /**
   * Whether a connection should end with this answer. Its client then closes it, so that none is closed under a request,
   * and the next one goes elsewhere.
   */
  function mustGo(request: FastifyRequest): boolean {
    return options.readiness.isDraining() || age.isOld(request.raw.socket);
  }

  /** Why whoever is at the other end may not call. */
  function strangerAt(socket: Socket): string | undefined {
    if (options.clients === undefined || !(socket instanceof TLSSocket) || socket.destroyed) return undefined;
    return refuseClient(socket, options.clients);
  }

  /** Why whoever calls may not, told before anything of the body is read. Probes have no certificate. */
  function refuseStranger(request: FastifyRequest, reason: string | undefined): string | undefined {
    if (reason === undefined || isHealthRoute(request)) return undefined;
    const path = pathLabel(routeOf(request), providers);
    options.metrics.observeReview({ path, operation: 'other', verdict: 'forbidden', seconds: 0 });
    options.log.warn({ path, reason }, 'client refused');
    return reason;
  }

  /** A body that arrives too slowly is cut off at the deadline: whoever sends it has stopped waiting. */
  function startDeadline(request: FastifyRequest, reply: FastifyReply): void {
    if (request.method !== 'POST') return;
    const timeout = timeoutOf(request);
    request.deadline = request.startedAt + timeout;
    request.deadlineTimer = setTimeout(
      () => {
        if (reply.sent) return;
        const path = pathLabel(routeOf(request), providers);
        const seconds = (options.now() - request.startedAt) / 1000;
        options.metrics.observeReview({ path, operation: 'other', verdict: 'deadline', seconds });
        options.log.warn({ path }, 'deadline exceeded while the body was read');
        replyError(reply, 503, 'the deadline of the request has passed', RETRY_HEADERS, SHORT_LINGER);
      },
      Math.min(timeout, times.body),
    );
  }

  /** Returns nothing: to a reply that is returned, Fastify would add listeners and wait for the end of its stream. */
  function handle(request: FastifyRequest, reply: FastifyReply): void {
    clearTimeout(request.deadlineTimer);
    const route = routeOf(request);
    const path = pathLabel(route, providers);
    let review: Review | undefined;
    try {
      review = readReview(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
      const checkpoint = createCheckpoint(request.deadline, options.now);
      const decision = decide(review, route, {
        registry: options.registry,
        settings: options.settings,
        checkpoint,
      });
      record(review, decision, path, options.now() - request.startedAt);
      reply.type('application/json').send(JSON.stringify(decision.answer));
    } catch (error) {
      answerFailure(error, review, path, request, reply);
    }
  }

  function record(review: Review, decision: Decision, path: string, ms: number): void {
    const { outcome, verdict } = decision;
    options.metrics.observeReview({ path, operation: review.operation, verdict, seconds: ms / 1000 });
    if (outcome) {
      options.metrics.countFindings(outcome.judgements);
      options.metrics.countPatches(outcome.mutations);
      for (const rule of outcome.faults) {
        options.metrics.countFault(rule);
        options.log.error({ uid: escapeForLog(review.uid), rule }, 'rule failed and was skipped');
      }
    }
    logReview(options.log, {
      uid: review.uid,
      operation: review.operation,
      kind: review.kind ?? review.resource ?? '',
      namespace: review.namespace,
      name: review.name,
      path,
      verdict,
      rules: outcome ? firedRules(outcome) : [],
      mutations: outcome?.mutations ?? [],
      ms,
    });
  }

  function answerFailure(
    thrown: unknown,
    review: Review | undefined,
    path: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): FastifyReply {
    const seconds = (options.now() - request.startedAt) / 1000;
    const operation = review?.operation ?? 'other';
    if (thrown instanceof UnreadableReviewError) {
      options.metrics.observeReview({ path, operation, verdict: 'unreadable', seconds });
      options.log.warn({ path, reason: thrown.reason }, 'unreadable review');
      return replyError(reply, 400, thrown.message);
    }
    if (thrown instanceof DeadlineExceededError) {
      options.metrics.observeReview({ path, operation, verdict: 'deadline', seconds });
      options.log.warn({ path, ...(review && { uid: escapeForLog(review.uid) }) }, 'deadline exceeded');
      return replyError(reply, 503, thrown.message, RETRY_HEADERS);
    }
    const source = thrown instanceof RuleFaultError ? thrown.rule : 'admission';
    options.metrics.observeReview({ path, operation, verdict: 'fault', seconds });
    options.metrics.countFault(source);
    logFault(options.log, source, thrown, review?.uid);
    return replyError(reply, 500, `internal fault in ${source}; the webhook failurePolicy decides`);
  }
}

function timeoutOf(request: FastifyRequest): number {
  const timeout = read(request.query, 'timeout');
  return parseTimeout(typeof timeout === 'string' ? timeout : undefined);
}

function routeOf(request: FastifyRequest): Route {
  if (request.routeOptions.url === '/validate') return { purpose: 'validate' };
  const provider = read(request.params, 'provider');
  return { purpose: 'mutate', provider: typeof provider === 'string' ? provider : undefined };
}

/** A label of few values, whatever path is called. */
function pathLabel(route: Route, providers: ReadonlySet<string>): string {
  if (route.provider === undefined) return `/${route.purpose}`;
  return `/mutate/${providers.has(route.provider) ? route.provider : 'other'}`;
}

function logFault(log: Log, source: string, thrown: unknown, uid?: string): void {
  const error = toError(thrown);
  const cause = error.cause instanceof Error ? error.cause : error;
  log.error(
    {
      source,
      ...(uid !== undefined && { uid: escapeForLog(uid) }),
      error: cause.name,
      stack: stackFrames(cause),
    },
    'internal fault',
  );
}
