import type { Action, MutationOptions, RuleOptions } from './types.ts';
import { NEWEST_VERSIONS } from './versions.ts';

/** The settings of the configuration file for rules and mutations. Absent: the default. */
export interface PolicySettings extends RuleOptions {
  readonly rules: Readonly<Record<string, Action>>;
  readonly mutations: Readonly<Record<string, 'on' | 'off'>>;
  readonly exempt: readonly { readonly namespace: string; readonly rules: readonly string[] }[];
  readonly options: MutationOptions;
  /**
   * The address of the site that has a page for each rule, with a slash at its end. Undefined where it is not set.
   */
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
 * The action of a rule in a namespace. An exempt namespace gets the action `audit`: annotation, log and metrics still
 * show the finding, so that people on call see what an exemption hides, and when they can remove it.
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

/** A rule that is on, with its action. */
export interface ActiveRule<R> {
  readonly rule: R;
  readonly action: Exclude<Action, 'off'>;
}

/**
 * Selects the rules that are on in a namespace. The result is kept for each settings object and each namespace that
 * an exemption names: it is needed for every object, and hardly ever changes.
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
    // A request may name any namespace, and most of them have no exemption.
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
