import type { Outcome } from '../policy/evaluate.ts';
import { isUnset } from '../policy/json.ts';
import type { Registry } from '../policy/registry.ts';
import type { PolicySettings } from '../policy/settings.ts';
import type { EvaluationRequest } from '../policy/types.ts';
import { type AdmissionReview, allow, answer } from './answer.ts';
import { findPolicy, type Review } from './read.ts';

/** The webhook that was called, and the provider in its path. */
export interface Route {
  readonly purpose: 'validate' | 'mutate';
  readonly provider?: string | undefined;
}

/** The route of a path of the server. Undefined where there is none. */
export function findRoute(path: string): Route | undefined {
  if (path === '/validate') return { purpose: 'validate' };
  if (path === '/mutate') return { purpose: 'mutate' };
  const provider = /^\/mutate\/([^/]+)$/.exec(path)?.[1];
  return provider === undefined ? undefined : { purpose: 'mutate', provider };
}

export interface DecideOptions {
  readonly registry: Registry;
  readonly settings: PolicySettings;
  /** Throws after the deadline of the request. */
  readonly checkpoint: () => void;
}

export type Verdict = 'allowed' | 'denied' | 'patched';

export interface Decision {
  readonly answer: AdmissionReview;
  readonly verdict: Verdict;
  /** Undefined where the object is not ours. */
  readonly outcome: Outcome | undefined;
}

/**
 * Answers one review.
 * @throws DeadlineExceededError, RuleFaultError
 */
export function decide(review: Review, route: Route, options: DecideOptions): Decision {
  options.checkpoint();
  const policy = findPolicy(review, options.registry);
  const operation = review.operation;
  const isEvaluated = operation === 'CREATE' || operation === 'UPDATE';
  if (policy === undefined || !isEvaluated || review.subResource !== undefined || review.isPassedUnread) {
    return { answer: allow(review), verdict: 'allowed', outcome: undefined };
  }
  const request: EvaluationRequest = {
    operation,
    object: review.object,
    old: operation === 'UPDATE' && !isUnset(review.oldObject) ? review.oldObject : undefined,
    pathProvider: route.provider,
    duplicates: review.duplicates,
  };
  const context = { settings: options.settings, namespace: review.namespace, checkpoint: options.checkpoint };
  const outcome =
    route.purpose === 'validate' ? policy.validate(request, context) : policy.mutate(request, context);
  const type = { group: review.group ?? policy.target.apis[0].group, kind: policy.target.kind };
  const reply = answer(review, type, outcome, options.settings.docsUrl);
  return { answer: reply, verdict: verdictOf(reply), outcome };
}

function verdictOf(reply: AdmissionReview): Verdict {
  if (!reply.response.allowed) return 'denied';
  return reply.response.patch === undefined ? 'allowed' : 'patched';
}
