import type { Context, Outcome, Policy } from '../policy/evaluate.ts';
import { createPathNames, formatPointer } from '../policy/field-path.ts';
import { isMap } from '../policy/json.ts';
import { applyPatch } from '../policy/patch.ts';
import type { DocumentRef, EvaluationRequest, RuleFinding, TargetInfo } from '../policy/types.ts';
import { throwOnFaults } from './faults.ts';

/**
 * Evaluates a file as a cluster would: mutations correct the object, and the API server completes it. A denial that
 * this repairs is a warning, because another cluster may not repair it. A warning that it repairs is left out.
 * Mutations that run only on a new object are left out, because the object of a file usually exists already.
 */
export function evaluateAsCluster(policy: Policy, repair: Repair): readonly RuleFinding[] {
  const { request, context, isFile, mutated, repaired } = repair;
  const written = policy.validate(request, context);
  const outcome =
    repaired === request.object ? written : policy.validate({ ...request, object: repaired }, context);
  throwOnFaults([...mutated.faults, ...written.faults, ...outcome.faults]);
  const nameOf = createPathNames();
  const stays = new Set(outcome.findings.map((each) => nameOf([each.rule, ...each.path])));
  // A mutation may also warn about missing webhooks, which means nothing for a file.
  const corrections = mutated.findings.filter(({ path }) =>
    mutated.patch.some((operation) => operation.path === formatPointer(path)),
  );
  const correctedPaths = new Set(corrections.map((each) => nameOf(each.path)));
  const repairs = written.findings
    .filter((each) => each.action === 'deny' && !stays.has(nameOf([each.rule, ...each.path])))
    .filter((each) => !correctedPaths.has(nameOf(each.path)))
    .map((each): RuleFinding => ({ ...each, action: 'warn' }));
  const found = isFile ? downgradeIfNew(outcome.findings, policy, request, context) : outcome.findings;
  // The warning of a mutation names the written value. Another finding at the same value would repeat it.
  return [...found, ...corrections, ...repairs];
}

/** What a cluster turns an object into before it evaluates it. */
export interface Repair {
  readonly request: EvaluationRequest;
  readonly context: Context;
  /** It is unknown whether the object is new. */
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
 * A denial that a new object would not get, because a mutation fills in a missing field, is a warning: it is unknown
 * whether the object is new. This finds nothing new, and writes nothing.
 */
function downgradeIfNew(
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

/** Completes the object as the API server does on CREATE, as far as its target describes it. */
function completeObject({ complete }: TargetInfo, object: unknown): unknown {
  return complete !== undefined && isMap(object) ? complete(object) : object;
}
