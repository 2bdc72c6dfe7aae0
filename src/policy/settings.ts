import type { Action, MutationOptions } from './types.ts';

/** What the configuration file says of rules and mutations; absent means the default. */
export interface PolicySettings {
  readonly rules: Readonly<Record<string, Action>>;
  readonly mutations: Readonly<Record<string, 'on' | 'off'>>;
  readonly exempt: readonly { readonly namespace: string; readonly rules: readonly string[] }[];
  readonly options: MutationOptions;
}

export const DEFAULT_SETTINGS: PolicySettings = {
  rules: {},
  mutations: {},
  exempt: [],
  options: { openstackOverlayDefault: true },
};

/**
 * What a rule does in a namespace. An exemption silences a rule there, but leaves it in annotation, log and
 * metrics: the people on call must see what an exemption hides, and when it may go.
 */
export function actionOf(
  rule: { readonly id: string; readonly action: Action },
  settings: PolicySettings,
  namespace: string,
): Action {
  const action = Object.hasOwn(settings.rules, rule.id) ? settings.rules[rule.id] : undefined;
  const effective = action ?? rule.action;
  if (effective === 'off') return 'off';
  const exempt = settings.exempt.some(
    (exemption) => exemption.namespace === namespace && exemption.rules.includes(rule.id),
  );
  return exempt ? 'audit' : effective;
}

export function isMutationOn(id: string, settings: PolicySettings): boolean {
  return !Object.hasOwn(settings.mutations, id) || settings.mutations[id] !== 'off';
}
