import type { FastifyRequest } from 'fastify';
import { firedRules } from '../admission/answer.ts';
import type { Decision } from '../admission/decide.ts';
import type { Review } from '../admission/read.ts';
import { stackFrames, toError } from '../errors.ts';
import { createLog, escapeForLog, type Log, logReview } from '../observe/log.ts';
import type { LogLevel } from '../observe/log-level.ts';
import { createReviewMetrics, type ReviewMetrics } from '../observe/metrics.ts';
import type { Outcome } from '../policy/evaluate.ts';
import { listProviders, type Registry } from '../policy/registry.ts';
import { pathLabel, routeOf } from './review-route.ts';

/** A review that was answered with an error. */
export interface Unanswered {
  /** A label with few values. */
  readonly path: string;
  /** Left out: not known yet. */
  readonly operation?: string;
  readonly verdict: 'deadline' | 'forbidden' | 'overload' | 'unreadable';
  readonly ms: number;
  readonly uid?: string;
  readonly reason?: string;
}

export interface FailedReview {
  readonly path: string;
  readonly operation: string;
  readonly ms: number;
  readonly uid: string | undefined;
}

/** Records the result of each review in log and metrics. */
export interface ReviewRecorder {
  /** The called path, as a label with few values. */
  pathOf(request: FastifyRequest): string;
  /** Milliseconds since the head of the request was read. */
  msOf(request: FastifyRequest): number;
  answered(review: Review, decision: Decision, path: string, ms: number): void;
  unanswered(unanswered: Unanswered, message: string): void;
  /**
   * Records a fault of ours.
   * @param source the rule, or the part that failed
   * @param failed the review, where there was one
   */
  failed(source: string, thrown: unknown, failed?: FailedReview): void;
}

export interface RecorderOptions {
  readonly log: Log;
  readonly metrics: ReviewMetrics;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly registry: Registry;
}

export function createReviewRecorder({ log, metrics, now, registry }: RecorderOptions): ReviewRecorder {
  const providers = listProviders(registry);
  return {
    pathOf: (request) => pathLabel(routeOf(request), providers),

    msOf: (request) => now() - request.startedAt,

    answered(review, { outcome, verdict }, path, ms) {
      metrics.observeReview({ path, operation: review.operation, verdict, seconds: ms / 1000 });
      if (outcome) {
        metrics.countFindings(outcome.findings);
        metrics.countPatches(outcome.mutations);
        for (const rule of outcome.faults) {
          metrics.countFault(rule);
          log.error({ uid: escapeForLog(review.uid), rule }, 'rule failed and was skipped');
        }
      }
      logReview(log, levelOf(review, outcome), {
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
    },

    unanswered({ path, operation = 'other', verdict, ms, uid, reason }, message) {
      metrics.observeReview({ path, operation, verdict, seconds: ms / 1000 });
      const about = {
        path,
        ...(uid !== undefined && { uid: escapeForLog(uid) }),
        ...(reason !== undefined && { reason }),
      };
      log.warn(about, message);
    },

    failed(source, thrown, failed) {
      if (failed !== undefined) {
        const { path, operation, ms } = failed;
        metrics.observeReview({ path, operation, verdict: 'fault', seconds: ms / 1000 });
      }
      metrics.countFault(source);
      const error = toError(thrown);
      const cause = error.cause instanceof Error ? error.cause : error;
      const about = {
        source,
        ...(failed?.uid !== undefined && { uid: escapeForLog(failed.uid) }),
        error: cause.name,
        stack: stackFrames(cause),
      };
      log.error(about, 'internal fault');
    },
  };
}

/**
 * A log line costs as much as all rules, and most reviews are updates with an unchanged spec. Those without a finding
 * are logged only at level `debug`.
 */
function levelOf({ operation, hasSameSpec }: Review, outcome: Outcome | undefined): 'info' | 'debug' {
  const bringsSpec = operation !== 'DELETE' && operation !== 'CONNECT' && !hasSameSpec;
  const isSilent = outcome === undefined || outcome.findings.length + outcome.mutations.length === 0;
  return bringsSpec || !isSilent ? 'info' : 'debug';
}

/** A recorder that records nothing. */
export function createSilentRecorder({ log, ...options }: Omit<RecorderOptions, 'metrics'>): ReviewRecorder {
  const nowhere = createLog(log.level as LogLevel, { write: () => {} });
  return createReviewRecorder({ ...options, log: nowhere, metrics: createReviewMetrics([]) });
}
