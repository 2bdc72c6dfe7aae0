import type { Contradiction } from './contradiction.ts';
import { DeadlineExceededError } from './deadline.ts';
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
import type { Statement } from './statement.ts';
import type {
  Action,
  BundleRule,
  Candidate,
  Docs,
  DocumentRef,
  Effect,
  Finding,
  Judgement,
  Mutation,
  Rule,
  Said,
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
  readonly operation?: Candidate['operation'] | 'unknown';
  /** Where other documents are judged as well: rules across documents then wait for {@link judgeBundle}. */
  readonly isBundle?: boolean;
  /** More that belongs to the documents may lie elsewhere: that something is missing cannot be said. */
  readonly isPart?: boolean;
}

/** What came of one object. */
export interface Outcome {
  /** Denials first, then warnings, then what is only for the audit; in registry order within each. */
  readonly judgements: readonly Judgement[];
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
export interface BundleJudgement extends Judgement {
  readonly document: DocumentRef;
}

/** All that is known of one kind of object, with the type of its input closed over. */
export interface Policy {
  readonly target: TargetInfo;
  readonly rules: readonly RuleInfo[];
  readonly mutations: readonly MutationInfo[];
  validate(candidate: Candidate, context: Context): Outcome;
  mutate(candidate: Candidate, context: Context): Outcome;
  /** Whether the object is ours to judge, and to be judged now. */
  claims(candidate: Candidate): boolean;
  /** What the object says to rules across documents; nothing where it is not ours. */
  state(candidate: Candidate): readonly Statement[];
}

const NOTHING: Outcome = { judgements: [], patch: [], mutations: [], faults: [] };
const ORDER: Record<Judgement['action'], number> = { deny: 0, warn: 1, audit: 2 };

/** Most findings of one rule; an answer names 100, and an object of a few megabytes could have millions. */
const MAX_FINDINGS = 1000;

function judge<Input>(
  rules: readonly ActiveRule<Rule<Input>>[],
  input: Input,
  context: Context,
  faults: Set<string>,
): Judgement[] {
  const judgements: Judgement[] = [];
  for (const { rule, action } of rules) {
    context.checkpoint();
    try {
      let left = MAX_FINDINGS;
      for (const finding of rule.check(input, context.settings)) {
        context.checkpoint();
        judgements.push(toJudged(finding, rule.id, action));
        left -= 1;
        if (left === 0) break;
      }
    } catch (error) {
      if (error instanceof DeadlineExceededError) throw error;
      if (action === 'deny') throw new RuleFaultError(rule.id, error);
      faults.add(rule.id);
    }
  }
  return judgements;
}

/** Field by field: rules make findings of many shapes, and to spread those takes longer than most rules. */
function toJudged(finding: Finding, rule: string, action: Judgement['action']): Judgement {
  const { path, at, reason, problem, got, advice, fix, atMost } = finding;
  return { path, at, reason, problem, got, advice, fix, rule, action: cap(action, atMost) };
}

function cap(action: Judgement['action'], atMost: Finding['atMost']): Judgement['action'] {
  return action === 'deny' ? (atMost ?? action) : action;
}

/**
 * What rules across documents find in all that the documents say. A rule that throws is skipped, and named: its
 * findings are about files, where nothing is let through.
 */
export function judgeBundle(
  rules: readonly BundleRule[],
  said: readonly Said[],
  context: Omit<Context, 'namespace'>,
): { readonly judgements: readonly BundleJudgement[]; readonly faults: readonly string[] } {
  const judgements: BundleJudgement[] = [];
  const faults: string[] = [];
  const sight = { isWhole: context.isPart !== true };
  for (const rule of rules) {
    context.checkpoint();
    try {
      let left = MAX_FINDINGS;
      for (const finding of rule.check(said, context.settings, sight)) {
        context.checkpoint();
        const action = actionOf(rule, context.settings, finding.document.namespace);
        if (action === 'off') continue;
        judgements.push({ ...finding, rule: rule.id, action: cap(action, finding.atMost) });
        left -= 1;
        if (left === 0) break;
      }
    } catch (error) {
      if (error instanceof DeadlineExceededError) throw error;
      faults.push(rule.id);
    }
  }
  return { judgements, faults };
}

/** @param alone rules across documents that one object of this kind can break by itself */
export function bindPolicy<Input>(
  target: Target<Input>,
  rules: readonly Rule<Input>[],
  mutations: readonly Mutation<Input>[],
  alone: readonly BundleRule[] = [],
): Policy {
  const activeRules = createActiveRules(rules);
  const claims = (candidate: Candidate) => target.read(candidate, 'validate') !== undefined;
  return { target, rules, mutations, validate, mutate, claims, state };

  function state(candidate: Candidate): readonly Statement[] {
    const input = target.statements && target.read(candidate, 'validate');
    return input === undefined ? [] : [...(target.statements?.(input) ?? [])];
  }

  function judgeInput(input: Input, context: Context, faults: Set<string>): Judgement[] {
    const judgements = judge(activeRules(context.settings, context.namespace), input, context, faults);
    if (alone.length === 0 || context.isBundle) return judgements;
    const self: DocumentRef = {
      index: 0,
      file: '',
      kind: target.kind,
      namespace: context.namespace,
      name: '',
    };
    const said = [...(target.statements?.(input) ?? [])].map((each) => ({ ...each, document: self }));
    const found = judgeBundle(alone, said, context);
    for (const rule of found.faults) faults.add(rule);
    return [...judgements, ...found.judgements.map(({ document, ...judgement }) => judgement)];
  }

  function validate(candidate: Candidate, context: Context): Outcome {
    const input = target.read(candidate, 'validate');
    if (input === undefined) return NOTHING;
    const faults = new Set<string>();
    let judgements = judgeInput(input, context, faults);
    if (judgements.length > 0) {
      judgements = followTypes(judgements, candidate.object, (object) => {
        const corrected = target.read({ ...candidate, object }, 'validate');
        return corrected === undefined ? [] : judgeInput(corrected, context, faults);
      });
      const old = target.readOld(candidate);
      if (old !== undefined) {
        const known = judgeInput(old, context, faults);
        judgements = ratchet(
          { object: candidate.object, judgements },
          { object: candidate.old, judgements: known },
        );
      }
    }
    judgements.sort((a, b) => ORDER[a.action] - ORDER[b.action]);
    return { judgements, patch: [], mutations: [], faults: [...faults] };
  }

  function mutate(candidate: Candidate, context: Context): Outcome {
    const { config } = target;
    const input = config === undefined ? undefined : target.read(candidate, 'mutate');
    if (input === undefined || config === undefined) return NOTHING;
    const judgements: Judgement[] = [];
    const changes: SetField[] = [];
    const applied: string[] = [];
    const operation = context.operation ?? candidate.operation;
    for (const mutation of mutations) {
      if (mutation.onlyOn !== undefined && mutation.onlyOn !== operation) continue;
      if (!isMutationOn(mutation.id, context.settings)) continue;
      context.checkpoint();
      const effects = collectEffects(mutation, input, context);
      const fields = effects.filter((effect) => effect.kind === 'set');
      if (fields.length > 0) applied.push(mutation.id);
      changes.push(...fields);
      judgements.push(...effects.flatMap((effect) => toJudgement(effect, mutation.id, config.path)));
    }
    judgements.sort((a, b) => ORDER[a.action] - ORDER[b.action]);
    if (judgements.some((judgement) => judgement.action === 'deny')) return { ...NOTHING, judgements };
    return {
      judgements,
      patch: buildPatch({ ...config, value: read(candidate.object, ...config.path) }, changes),
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
function toJudgement(effect: Effect, rule: string, configPath: FieldPath): Judgement[] {
  if (effect.kind === 'refuse') return [toJudged(effect, rule, 'deny')];
  if (effect.kind === 'advise') return [toJudged(effect, rule, 'warn')];
  const { replaces } = effect;
  if (replaces === undefined) return [];
  const path = [...configPath, ...effect.path];
  return [toJudged({ path, reason: 'FieldValueInvalid', ...replaces }, rule, 'warn')];
}
