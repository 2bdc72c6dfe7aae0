import type { Context, Outcome, Policy } from '../policy/evaluate.ts';
import { createPathNames, formatPointer } from '../policy/field-path.ts';
import { isMap } from '../policy/json.ts';
import { applyPatch } from '../policy/patch.ts';
import type { DocumentRef, EvaluationRequest, RuleFinding, TargetInfo } from '../policy/types.ts';
import { refuseFaults } from './faults.ts';

/**
 * A cluster corrects and completes what comes before it judges. What that repairs is worth a warning, because
 * another cluster may not do it; what it merely makes superfluous to say is not said. What mutations do to a new object
 * alone is left out, because the object of a file mostly lives already.
 */
export function evaluateAsCluster(policy: Policy, repair: Repair): readonly RuleFinding[] {
  const { request, context, isFile, mutated, repaired } = repair;
  const written = policy.validate(request, context);
  const outcome =
    repaired === request.object ? written : policy.validate({ ...request, object: repaired }, context);
  refuseFaults([...mutated.faults, ...written.faults, ...outcome.faults]);
  const nameOf = createPathNames();
  const stays = new Set(outcome.findings.map((each) => nameOf([each.rule, ...each.path])));
  // What a mutation says of anything but its own correction is about webhooks, and a file has none.
  const corrections = mutated.findings.filter(({ path }) =>
    mutated.patch.some((operation) => operation.path === formatPointer(path)),
  );
  const spoken = new Set(corrections.map((each) => nameOf(each.path)));
  const repairs = written.findings
    .filter((each) => each.action === 'deny' && !stays.has(nameOf([each.rule, ...each.path])))
    .filter((each) => !spoken.has(nameOf(each.path)))
    .map((each): RuleFinding => ({ ...each, action: 'warn' }));
  const found = isFile ? forgiveIfNew(outcome.findings, policy, request, context) : outcome.findings;
  // A correction is told with the value that was written; a finding about the same value would say it again.
  return [...found, ...corrections, ...repairs];
}

/** What a cluster makes of an object before it judges. */
export interface Repair {
  readonly request: EvaluationRequest;
  readonly context: Context;
  /** Nobody knows whether the object is new. */
  readonly isFile: boolean;
  readonly mutated: Outcome;
  readonly repaired: unknown;
}

export function repairAsCluster(
  policy: Policy,
  request: EvaluationRequest,
  document: { readonly ref: DocumentRef; readonly isComplete: boolean },
  shared: Omit<Context, 'namespace' | 'operation'>,
): Repair {
  const operation = request.old === undefined ? 'unknown' : 'UPDATE';
  const context: Context = { ...shared, namespace: document.ref.namespace, operation };
  const mutated = policy.mutate(request, context);
  const corrected = applyPatch(request.object, mutated.patch);
  const isFile = request.old === undefined && !document.isComplete;
  const repaired = isFile ? completeObject(policy.target, corrected) : corrected;
  return { request, context, isFile, mutated, repaired };
}

/**
 * Denials that a new object would not get, because a mutation fills in what is missing: whether the object is new nobody
 * knows, so that they are warnings. Nothing is found that way, and nothing is written.
 */
function forgiveIfNew(
  findings: readonly RuleFinding[],
  policy: Policy,
  request: EvaluationRequest,
  context: Context,
): readonly RuleFinding[] {
  const isDenied = findings.some(({ action }) => action === 'deny');
  if (!isDenied || !policy.mutations.some(({ onlyOn }) => onlyOn === 'CREATE')) return findings;
  const { patch } = policy.mutate(request, { ...context, operation: 'CREATE' });
  const object = completeObject(policy.target, applyPatch(request.object, patch));
  const nameOf = createPathNames();
  const denied = new Set(
    policy
      .validate({ ...request, object }, context)
      .findings.filter(({ action }) => action === 'deny')
      .map((each) => nameOf([each.rule, ...each.path])),
  );
  return findings.map((each) =>
    each.action === 'deny' && !denied.has(nameOf([each.rule, ...each.path]))
      ? { ...each, action: 'warn' }
      : each,
  );
}

/** What the API server makes of it when it is created, as far as its target knows. */
function completeObject({ complete }: TargetInfo, object: unknown): unknown {
  return complete !== undefined && isMap(object) ? complete(object) : object;
}
