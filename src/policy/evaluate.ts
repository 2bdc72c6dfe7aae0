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

/** Where and under which rules one object is judged. */
export interface Context {
  readonly settings: PolicySettings;
  readonly namespace: string;
  /** Called for each rule and finding; throws {@link DeadlineExceededError} when there is no time left. */
  readonly checkpoint: () => void;
  /**
   * What the object comes with, for mutations that run on one operation only; that of the candidate where it is left
   * out. A file that may describe a living object as well as a new one comes with nothing that is known.
   */
  readonly operation?: EvaluationRequest['operation'] | 'unknown';
  /** Where other documents are judged as well: rules across documents then wait for {@link evaluateBundle}. */
  readonly isBundle?: boolean;
  /** More that belongs to the documents may lie elsewhere: that something is missing cannot be said. */
  readonly isPart?: boolean;
}

/** What came of one object. */
export interface Outcome {
  /** Denials first, then warnings, then what is only for the audit; in registry order within each. */
  readonly findings: readonly RuleFinding[];
  readonly patch: readonly PatchOperation[];
  /** Ids of the mutations that the patch carries out. */
  readonly mutations: readonly string[];
  /** Ids of rules that threw and were skipped. */
  readonly faults: readonly string[];
}

/** A rule or mutation that may not be skipped has thrown: our fault, and the request's failurePolicy decides. */
export class RuleFaultError extends Error {
  override name = 'RuleFaultError';
  readonly rule: string;

  constructor(rule: string, cause: unknown) {
    super(`${rule} failed`, { cause });
    this.rule = rule;
  }
}

/** What lists, pages and metrics may know of a rule. */
export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  readonly action: Exclude<Action, 'off'>;
  readonly docs: Docs;
  readonly contradiction?: Contradiction | undefined;
}

export type MutationInfo = Pick<Mutation<never>, 'id' | 'title' | 'onlyOn' | 'docs' | 'inCel'>;

/** A judgement of a rule across documents, in the document that has to be changed. */
export interface BundleRuleFinding extends RuleFinding {
  readonly document: DocumentRef;
}

/** All that is known of one kind of object, with the type of its input closed over. */
export interface Policy {
  readonly target: TargetInfo;
  readonly rules: readonly RuleInfo[];
  readonly mutations: readonly MutationInfo[];
  validate(request: EvaluationRequest, context: Context): Outcome;
  mutate(request: EvaluationRequest, context: Context): Outcome;
  /** Whether the object is ours to judge, and to be judged now. */
  matches(request: EvaluationRequest): boolean;
  /** What the object says to rules across documents; nothing where it is not ours. */
  readFacts(request: EvaluationRequest): readonly Fact[];
}

const NOTHING: Outcome = { findings: [], patch: [], mutations: [], faults: [] };
const ORDER: Record<RuleFinding['action'], number> = { deny: 0, warn: 1, audit: 2 };

/** Most findings of one rule; an answer names 100, and an object of a few megabytes could have millions. */
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

/** Field by field: rules make findings of many shapes, and to spread those takes longer than most rules. */
function toRuleFinding(finding: Finding, rule: string, action: RuleFinding['action']): RuleFinding {
  const { path, at, reason, problem, got, advice, fix, atMost } = finding;
  return { path, at, reason, problem, got, advice, fix, rule, action: cap(action, atMost) };
}

function cap(action: RuleFinding['action'], atMost: Finding['atMost']): RuleFinding['action'] {
  return action === 'deny' ? (atMost ?? action) : action;
}

/**
 * What rules across documents find in all that the documents say. A rule that throws is skipped, and named: its
 * findings are about files, where nothing is let through.
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

/** @param alone rules across documents that one object of this kind can break by itself */
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

/** What the user hears of an effect: a refusal, advice, or that a value that somebody wrote was replaced. */
function describeEffect(effect: Effect, rule: string, configPath: FieldPath): RuleFinding[] {
  if (effect.kind === 'reject') return [toRuleFinding(effect, rule, 'deny')];
  if (effect.kind === 'advise') return [toRuleFinding(effect, rule, 'warn')];
  const { replaces } = effect;
  if (replaces === undefined) return [];
  const path = [...configPath, ...effect.path];
  return [toRuleFinding({ path, reason: 'FieldValueInvalid', ...replaces }, rule, 'warn')];
}
