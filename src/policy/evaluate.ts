import type { FieldPath } from './field-path.ts';
import { buildPatch, type PatchOperation } from './patch.ts';
import { ratchet } from './ratchet.ts';
import { actionOf, isMutationOn, type PolicySettings } from './settings.ts';
import type {
  Action,
  Candidate,
  Docs,
  Effect,
  Judgement,
  Mutation,
  Rule,
  SetField,
  Target,
} from './types.ts';

/** Where and under which rules one object is judged. */
export interface Context {
  readonly settings: PolicySettings;
  readonly namespace: string;
  /** Called between rules; throws when there is no time left, and the evaluation ends there. */
  readonly checkpoint: () => void;
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
}

export type MutationInfo = Omit<RuleInfo, 'action'>;

/** All that is known of one kind of object, with the type of its input closed over. */
export interface Policy {
  readonly target: Pick<Target<unknown>, 'id' | 'group' | 'kind' | 'resource' | 'versions'>;
  readonly rules: readonly RuleInfo[];
  readonly mutations: readonly MutationInfo[];
  validate(candidate: Candidate, context: Context): Outcome;
  mutate(candidate: Candidate, context: Context): Outcome;
}

const NOTHING: Outcome = { judgements: [], patch: [], mutations: [], faults: [] };
const ORDER: Record<Judgement['action'], number> = { deny: 0, warn: 1, audit: 2 };

/** Most findings of one rule; an answer names 100, and an object of a few megabytes could have millions. */
const MAX_FINDINGS = 1000;

function judge<Input>(
  rules: readonly Rule<Input>[],
  input: Input,
  context: Context,
  faults: Set<string>,
): Judgement[] {
  const judgements: Judgement[] = [];
  for (const rule of rules) {
    const action = actionOf(rule, context.settings, context.namespace);
    if (action === 'off') continue;
    context.checkpoint();
    try {
      let left = MAX_FINDINGS;
      for (const finding of rule.check(input)) {
        judgements.push({ ...finding, rule: rule.id, action });
        left -= 1;
        if (left === 0) break;
      }
    } catch (error) {
      if (action === 'deny') throw new RuleFaultError(rule.id, error);
      faults.add(rule.id);
    }
  }
  return judgements;
}

export function bindPolicy<Input>(
  target: Target<Input>,
  rules: readonly Rule<Input>[],
  mutations: readonly Mutation<Input>[],
): Policy {
  return { target, rules, mutations, validate, mutate };

  function validate(candidate: Candidate, context: Context): Outcome {
    const input = target.read(candidate, 'validate');
    if (input === undefined) return NOTHING;
    const faults = new Set<string>();
    let judgements = judge(rules, input, context, faults);
    if (judgements.length > 0) {
      const old = target.readOld(candidate);
      if (old !== undefined) {
        const known = judge(rules, old, context, faults);
        judgements = ratchet(
          { object: target.object(input), judgements },
          { object: target.object(old), judgements: known },
        );
      }
    }
    judgements.sort((a, b) => ORDER[a.action] - ORDER[b.action]);
    return { judgements, patch: [], mutations: [], faults: [...faults] };
  }

  function mutate(candidate: Candidate, context: Context): Outcome {
    const input = target.read(candidate, 'mutate');
    if (input === undefined) return NOTHING;
    const config = target.config(input);
    const judgements: Judgement[] = [];
    const changes: SetField[] = [];
    const applied: string[] = [];
    for (const mutation of mutations) {
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
    return { judgements, patch: buildPatch(config, changes), mutations: applied, faults: [] };
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
  if (effect.kind === 'refuse') {
    return [{ path: effect.path, reason: effect.reason, message: effect.message, rule, action: 'deny' }];
  }
  if (effect.kind === 'advise') {
    return [{ path: effect.path, reason: effect.reason, message: effect.message, rule, action: 'warn' }];
  }
  if (effect.replaces === undefined) return [];
  const path = [...configPath, ...effect.path];
  return [{ path, reason: 'FieldValueInvalid', message: effect.replaces, rule, action: 'warn' }];
}
