import type { Action, MutationOptions, RuleOptions } from './types.ts';
import { NEWEST_VERSIONS } from './versions.ts';

/** What the configuration file says of rules and mutations; absent means the default. */
export interface PolicySettings extends RuleOptions {
  readonly rules: Readonly<Record<string, Action>>;
  readonly mutations: Readonly<Record<string, 'on' | 'off'>>;
  readonly exempt: readonly { readonly namespace: string; readonly rules: readonly string[] }[];
  readonly options: MutationOptions;
  /** Where the site with a page for each rule begins, with a slash at its end; undefined where nobody has said. */
  readonly docsUrl?: string | undefined;
}

export const DEFAULT_SETTINGS: PolicySettings = {
  rules: {},
  mutations: {},
  exempt: [],
  options: { openstackOverlayDefault: true },
  versions: NEWEST_VERSIONS,
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

/** A rule that is on, and what it does. */
export interface ActiveRule<R> {
  readonly rule: R;
  readonly action: Exclude<Action, 'off'>;
}

/**
 * Which of the rules are on in a namespace. Worked out once for each settings and each namespace that an exemption
 * names: it is asked for every object, and the answer hardly ever changes.
 */
export function createActiveRules<R extends { readonly id: string; readonly action: Action }>(
  rules: readonly R[],
): (settings: PolicySettings, namespace: string) => readonly ActiveRule<R>[] {
  const known = new WeakMap<PolicySettings, Map<string | undefined, readonly ActiveRule<R>[]>>();
  return (settings, namespace) => {
    let byNamespace = known.get(settings);
    if (byNamespace === undefined) {
      byNamespace = new Map();
      known.set(settings, byNamespace);
    }
    // Whoever calls may name any namespace, and most of them are alike.
    const isExempt = settings.exempt.some((exemption) => exemption.namespace === namespace);
    const key = isExempt ? namespace : undefined;
    let active = byNamespace.get(key);
    if (active === undefined) {
      active = rules.flatMap((rule) => {
        const action = actionOf(rule, settings, namespace);
        return action === 'off' ? [] : [{ rule, action }];
      });
      byNamespace.set(key, active);
    }
    return active;
  };
}

export function isMutationOn(id: string, settings: PolicySettings): boolean {
  return !Object.hasOwn(settings.mutations, id) || settings.mutations[id] !== 'off';
}
