import type { Contradiction } from './contradiction.ts';
import { DeadlineExceededError } from './deadline.ts';
import type { Fact } from './fact.ts';
import type { FieldPath } from './field-path.ts';
import { followTypes } from './follow.ts';
import { read } from './json.ts';
import { buildPatch, type PatchOperation } from './patch.ts';
import { ratchet } from './ratchet.ts';
import {
  type ActiveRule,
  actionOf,
  createActiveRules,
  isMutationOn,
  type PolicySettings,
} from './settings.ts';
import type {
  Action,
  BundleRule,
  Docs,
  DocumentRef,
  Effect,
  EvaluationRequest,
  Finding,
  LocatedFact,
  Mutation,
  Rule,
  RuleFinding,
  SetField,
  Target,
  TargetInfo,
} from './types.ts';

/** The settings and the namespace for the evaluation of one object. */
export interface Context {
  readonly settings: PolicySettings;
  readonly namespace: string;
  /** Called for each rule and each finding. Throws {@link DeadlineExceededError} when no time is left. */
  readonly checkpoint: () => void;
  /**
   * The operation, for mutations that run on one operation only. Default: the operation of the request. It is unknown
   * for a file, which may describe a new object or an existing one.
   */
  readonly operation?: EvaluationRequest['operation'] | 'unknown';
  /** Other documents are evaluated as well: rules across documents then run in {@link evaluateBundle}. */
  readonly isBundle?: boolean;
  /** More documents of the same cluster may exist elsewhere: no rule can say that something is missing. */
  readonly isPart?: boolean;
}

/** The result for one object. */
export interface Outcome {
  /** Denials first, then warnings, then findings for the audit; in each group in registry order. */
  readonly findings: readonly RuleFinding[];
  readonly patch: readonly PatchOperation[];
  /** Ids of the mutations that are in the patch. */
  readonly mutations: readonly string[];
  /** Ids of rules that threw and were skipped. */
  readonly faults: readonly string[];
}

/** A rule that denies, or a mutation, has thrown. This is our fault, and the failurePolicy of the webhook decides. */
export class RuleFaultError extends Error {
  override name = 'RuleFaultError';
  readonly rule: string;

  constructor(rule: string, cause: unknown) {
    super(`${rule} failed`, { cause });
    this.rule = rule;
  }
}

/** The part of a rule that lists, rule pages and metrics use. */
export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  readonly action: Exclude<Action, 'off'>;
  readonly docs: Docs;
  readonly contradiction?: Contradiction | undefined;
}

export type MutationInfo = Pick<Mutation<never>, 'id' | 'title' | 'onlyOn' | 'docs' | 'inCel'>;

/** A finding of a rule across documents, at the document that has to be changed. */
export interface BundleRuleFinding extends RuleFinding {
  readonly document: DocumentRef;
}

/** A kind of object with its rules and its mutations. The type of the input is hidden. */
export interface Policy {
  readonly target: TargetInfo;
  readonly rules: readonly RuleInfo[];
  readonly mutations: readonly MutationInfo[];
  validate(request: EvaluationRequest, context: Context): Outcome;
  mutate(request: EvaluationRequest, context: Context): Outcome;
  /** Whether the object is of this policy, and is to be evaluated now. */
  matches(request: EvaluationRequest): boolean;
  /** The facts of the object for rules across documents; none where the object is not of this policy. */
  readFacts(request: EvaluationRequest): readonly Fact[];
}

const NOTHING: Outcome = { findings: [], patch: [], mutations: [], faults: [] };
const ORDER: Record<RuleFinding['action'], number> = { deny: 0, warn: 1, audit: 2 };

/** Limit of the findings of one rule. An answer names 100, and an object of a few megabytes could have millions. */
const MAX_FINDINGS = 1000;

function evaluateRules<Input>(
  rules: readonly ActiveRule<Rule<Input>>[],
  input: Input,
  context: Context,
  faults: Set<string>,
): RuleFinding[] {
  const findings: RuleFinding[] = [];
  for (const { rule, action } of rules) {
    context.checkpoint();
    try {
      let left = MAX_FINDINGS;
      for (const finding of rule.check(input, context.settings)) {
        context.checkpoint();
        findings.push(toRuleFinding(finding, rule.id, action));
        left -= 1;
        if (left === 0) break;
      }
    } catch (error) {
      if (error instanceof DeadlineExceededError) throw error;
      if (action === 'deny') throw new RuleFaultError(rule.id, error);
      faults.add(rule.id);
    }
  }
  return findings;
}

/** Copies field by field: rules make findings of many shapes, and to spread those takes longer than most rules. */
function toRuleFinding(finding: Finding, rule: string, action: RuleFinding['action']): RuleFinding {
  const { path, at, reason, problem, got, advice, fix, atMost } = finding;
  return { path, at, reason, problem, got, advice, fix, rule, action: cap(action, atMost) };
}

function cap(action: RuleFinding['action'], atMost: Finding['atMost']): RuleFinding['action'] {
  return action === 'deny' ? (atMost ?? action) : action;
}

/**
 * Runs rules across documents on the facts of all documents. A rule that throws is skipped, and `faults` names it:
 * only files are evaluated here, so that nothing is admitted because of it.
 */
export function evaluateBundle(
  rules: readonly BundleRule[],
  facts: readonly LocatedFact[],
  context: Omit<Context, 'namespace'>,
): { readonly findings: readonly BundleRuleFinding[]; readonly faults: readonly string[] } {
  const findings: BundleRuleFinding[] = [];
  const faults: string[] = [];
  const scope = { isWhole: context.isPart !== true };
  for (const rule of rules) {
    context.checkpoint();
    try {
      let left = MAX_FINDINGS;
      for (const finding of rule.check(facts, context.settings, scope)) {
        context.checkpoint();
        const action = actionOf(rule, context.settings, finding.document.namespace);
        if (action === 'off') continue;
        findings.push({ ...finding, rule: rule.id, action: cap(action, finding.atMost) });
        left -= 1;
        if (left === 0) break;
      }
    } catch (error) {
      if (error instanceof DeadlineExceededError) throw error;
      faults.push(rule.id);
    }
  }
  return { findings, faults };
}

/** @param alone rules across documents that one object of this kind can violate by itself */
export function bindPolicy<Input>(
  target: Target<Input>,
  rules: readonly Rule<Input>[],
  mutations: readonly Mutation<Input>[],
  alone: readonly BundleRule[] = [],
): Policy {
  const activeRules = createActiveRules(rules);
  const matches = (request: EvaluationRequest) => target.read(request, 'validate') !== undefined;
  return { target, rules, mutations, validate, mutate, matches, readFacts };

  function readFacts(request: EvaluationRequest): readonly Fact[] {
    const input = target.listFacts && target.read(request, 'validate');
    return input === undefined ? [] : [...(target.listFacts?.(input) ?? [])];
  }

  function evaluateInput(input: Input, context: Context, faults: Set<string>): RuleFinding[] {
    const findings = evaluateRules(activeRules(context.settings, context.namespace), input, context, faults);
    if (alone.length === 0 || context.isBundle) return findings;
    const self: DocumentRef = {
      index: 0,
      file: '',
      kind: target.kind,
      namespace: context.namespace,
      name: '',
    };
    const facts = [...(target.listFacts?.(input) ?? [])].map((each) => ({ ...each, document: self }));
    const found = evaluateBundle(alone, facts, context);
    for (const rule of found.faults) faults.add(rule);
    return [...findings, ...found.findings.map(({ document, ...finding }) => finding)];
  }

  function validate(request: EvaluationRequest, context: Context): Outcome {
    const input = target.read(request, 'validate');
    if (input === undefined) return NOTHING;
    const faults = new Set<string>();
    let findings = evaluateInput(input, context, faults);
    if (findings.length > 0) {
      findings = followTypes(findings, request.object, (object) => {
        const corrected = target.read({ ...request, object }, 'validate');
        return corrected === undefined ? [] : evaluateInput(corrected, context, faults);
      });
      const old = target.readOld(request);
      if (old !== undefined) {
        const known = evaluateInput(old, context, faults);
        findings = ratchet({ object: request.object, findings }, { object: request.old, findings: known });
      }
    }
    findings.sort((a, b) => ORDER[a.action] - ORDER[b.action]);
    return { findings, patch: [], mutations: [], faults: [...faults] };
  }

  function mutate(request: EvaluationRequest, context: Context): Outcome {
    const { config } = target;
    const input = config === undefined ? undefined : target.read(request, 'mutate');
    if (input === undefined || config === undefined) return NOTHING;
    const findings: RuleFinding[] = [];
    const changes: SetField[] = [];
    const applied: string[] = [];
    const operation = context.operation ?? request.operation;
    for (const mutation of mutations) {
      if (mutation.onlyOn !== undefined && mutation.onlyOn !== operation) continue;
      if (!isMutationOn(mutation.id, context.settings)) continue;
      context.checkpoint();
      const effects = collectEffects(mutation, input, context);
      const fields = effects.filter((effect) => effect.kind === 'set');
      if (fields.length > 0) applied.push(mutation.id);
      changes.push(...fields);
      findings.push(...effects.flatMap((effect) => describeEffect(effect, mutation.id, config.path)));
    }
    findings.sort((a, b) => ORDER[a.action] - ORDER[b.action]);
    if (findings.some((finding) => finding.action === 'deny')) return { ...NOTHING, findings };
    return {
      findings,
      patch: buildPatch({ ...config, value: read(request.object, ...config.path) }, changes),
      mutations: applied,
      faults: [],
    };
  }
}

function collectEffects<Input>(mutation: Mutation<Input>, input: Input, context: Context): Effect[] {
  try {
    return [...mutation.mutate(input, context.settings.options)];
  } catch (error) {
    throw new RuleFaultError(mutation.id, error);
  }
}

/**
 * The findings for one effect: the object is rejected, the user gets advice, or a value that a user wrote was
 * replaced.
 */
function describeEffect(effect: Effect, rule: string, configPath: FieldPath): RuleFinding[] {
  if (effect.kind === 'reject') return [toRuleFinding(effect, rule, 'deny')];
  if (effect.kind === 'advise') return [toRuleFinding(effect, rule, 'warn')];
  const { replaces } = effect;
  if (replaces === undefined) return [];
  const path = [...configPath, ...effect.path];
  return [toRuleFinding({ path, reason: 'FieldValueInvalid', ...replaces }, rule, 'warn')];
}
