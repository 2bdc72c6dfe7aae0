import type { Context, Outcome, Policy } from '../policy/evaluate.ts';
import { createPathNames, formatPointer } from '../policy/field-path.ts';
import { isMap } from '../policy/json.ts';
import { applyPatch } from '../policy/patch.ts';
import type { Candidate, DocumentRef, Judgement, TargetInfo } from '../policy/types.ts';
import { refuseFaults } from './faults.ts';

/**
 * A cluster corrects and completes what comes before it judges. What that repairs is worth a warning, because
 * another cluster may not do it; what it merely makes superfluous to say is not said. What mutations do to a new object
 * alone is left out, because the object of a file mostly lives already.
 */
export function judgeAsCluster(policy: Policy, repair: Repair): readonly Judgement[] {
  const { candidate, context, isFile, mutated, repaired } = repair;
  const written = policy.validate(candidate, context);
  const outcome =
    repaired === candidate.object ? written : policy.validate({ ...candidate, object: repaired }, context);
  refuseFaults([...mutated.faults, ...written.faults, ...outcome.faults]);
  const nameOf = createPathNames();
  const stays = new Set(outcome.judgements.map((each) => nameOf([each.rule, ...each.path])));
  // What a mutation says of anything but its own correction is about webhooks, and a file has none.
  const corrections = mutated.judgements.filter(({ path }) =>
    mutated.patch.some((operation) => operation.path === formatPointer(path)),
  );
  const spoken = new Set(corrections.map((each) => nameOf(each.path)));
  const repairs = written.judgements
    .filter((each) => each.action === 'deny' && !stays.has(nameOf([each.rule, ...each.path])))
    .filter((each) => !spoken.has(nameOf(each.path)))
    .map((each): Judgement => ({ ...each, action: 'warn' }));
  const found = isFile ? forgiveIfNew(outcome.judgements, policy, candidate, context) : outcome.judgements;
  // A correction is told with the value that was written; a finding about the same value would say it again.
  return [...found, ...corrections, ...repairs];
}

/** What a cluster makes of an object before it judges. */
export interface Repair {
  readonly candidate: Candidate;
  readonly context: Context;
  /** Nobody knows whether the object is new. */
  readonly isFile: boolean;
  readonly mutated: Outcome;
  readonly repaired: unknown;
}

export function repairAsCluster(
  policy: Policy,
  candidate: Candidate,
  document: { readonly ref: DocumentRef; readonly isComplete: boolean },
  shared: Omit<Context, 'namespace' | 'operation'>,
): Repair {
  const operation = candidate.old === undefined ? 'unknown' : 'UPDATE';
  const context: Context = { ...shared, namespace: document.ref.namespace, operation };
  const mutated = policy.mutate(candidate, context);
  const corrected = applyPatch(candidate.object, mutated.patch);
  const isFile = candidate.old === undefined && !document.isComplete;
  const repaired = isFile ? completeObject(policy.target, corrected) : corrected;
  return { candidate, context, isFile, mutated, repaired };
}

/**
 * Denials that a new object would not get, because a mutation fills in what is missing: whether the object is new nobody
 * knows, so that they are warnings. Nothing is found that way, and nothing is written.
 */
function forgiveIfNew(
  judgements: readonly Judgement[],
  policy: Policy,
  candidate: Candidate,
  context: Context,
): readonly Judgement[] {
  const isDenied = judgements.some(({ action }) => action === 'deny');
  if (!isDenied || !policy.mutations.some(({ onlyOn }) => onlyOn === 'CREATE')) return judgements;
  const { patch } = policy.mutate(candidate, { ...context, operation: 'CREATE' });
  const object = completeObject(policy.target, applyPatch(candidate.object, patch));
  const nameOf = createPathNames();
  const denied = new Set(
    policy
      .validate({ ...candidate, object }, context)
      .judgements.filter(({ action }) => action === 'deny')
      .map((each) => nameOf([each.rule, ...each.path])),
  );
  return judgements.map((each) =>
    each.action === 'deny' && !denied.has(nameOf([each.rule, ...each.path]))
      ? { ...each, action: 'warn' }
      : each,
  );
}

/** What the API server makes of it when it is created, as far as its target knows. */
function completeObject({ complete }: TargetInfo, object: unknown): unknown {
  return complete !== undefined && isMap(object) ? complete(object) : object;
}
