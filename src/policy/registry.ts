import type { MutationInfo, Policy, RuleInfo } from './evaluate.ts';
import { listAlternatives } from './message.ts';
import { ACTIONS, type BundleRule, type Docs } from './types.ts';

/** All kinds, rules and mutations of this build. */
export interface Registry {
  readonly policies: readonly Policy[];
  /** Rules across documents. */
  readonly bundleRules: readonly BundleRule[];
  /** The API groups that show that an object is ours. Groups of general use, such as `apps`, are not among them. */
  readonly groups: readonly string[];
  find(group: string | undefined, kind: string): Policy | undefined;
  findByResource(group: string | undefined, resource: string): Policy | undefined;
}

export class RegistryError extends Error {
  override name = 'RegistryError';
}

const DEFAULT_ACTIONS: readonly string[] = ACTIONS.filter((action) => action !== 'off');
const RULE_ID = /^[a-z]+(-[a-z]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/;
const MUTATION_ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Checks at start what other code relies on: unique, well-formed ids that begin with their target, and complete
 * documentation. A mistake must stop the process before it accepts a request.
 * @throws RegistryError that names every mistake
 */
export function createRegistry(
  policies: readonly Policy[],
  bundleRules: readonly BundleRule[] = [],
): Registry {
  const problems: string[] = [];
  const rules = new Map<string, RuleInfo>();
  const kinds = new Set<string>();
  const addRules = (list: readonly RuleInfo[], targets: readonly string[]) => {
    for (const [index, rule] of list.entries()) {
      const known = rules.get(rule.id);
      // Several kinds of a target may share a rule, but each has it once.
      if (known === rule && list.indexOf(rule) === index) continue;
      if (known !== undefined) problems.push(`${rule.id} is registered twice`);
      rules.set(rule.id, rule);
      problems.push(...ruleProblems(rule, targets));
    }
  };
  for (const policy of policies) {
    for (const { group } of policy.target.apis) {
      const kind = `${group}/${policy.target.kind}`;
      if (kinds.has(kind)) problems.push(`two targets evaluate ${kind}`);
      kinds.add(kind);
    }
    addRules(policy.rules, [policy.target.id]);
    problems.push(...mutationProblems(policy.mutations));
  }
  const targets = policies.map((policy) => policy.target.id);
  addRules(bundleRules, targets);
  if (problems.length > 0) throw new RegistryError(`the registry is broken: ${problems.join('; ')}`);
  const byKind = new Map<string, Policy[]>();
  for (const policy of policies) {
    byKind.set(policy.target.kind, [...(byKind.get(policy.target.kind) ?? []), policy]);
  }
  const groups = policies.flatMap(({ target }) => target.apis.map(({ group }) => group));
  const serves = (policy: Policy, group: string | undefined) =>
    group === undefined || policy.target.apis.some((api) => api.group === group);
  return {
    policies,
    bundleRules,
    groups: [...new Set(groups)].filter((group) => group.includes('.')),
    find: (group, kind) => byKind.get(kind)?.find((policy) => serves(policy, group)),
    findByResource: (group, resource) =>
      policies.find((policy) => policy.target.resource === resource && serves(policy, group)),
  };
}

function ruleProblems(rule: RuleInfo, targets: readonly string[]): string[] {
  const problems = docsProblems(rule.id, rule.title, rule.docs);
  if (!RULE_ID.test(rule.id)) problems.push(`${rule.id} is not <target>/<kebab-case name>`);
  if (!targets.includes(rule.id.slice(0, rule.id.indexOf('/'))))
    problems.push(`${rule.id} is registered under ${listAlternatives([...new Set(targets)])}`);
  // A rule that is off by default would never run: only the configuration turns a rule off.
  if (!DEFAULT_ACTIONS.includes(rule.action)) problems.push(`${rule.id} has no default action`);
  return problems;
}

function mutationProblems(mutations: readonly MutationInfo[]): string[] {
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const mutation of mutations) {
    if (seen.has(mutation.id)) problems.push(`${mutation.id} is registered twice`);
    seen.add(mutation.id);
    if (!MUTATION_ID.test(mutation.id)) problems.push(`${mutation.id} is not a kebab-case name`);
    problems.push(...docsProblems(mutation.id, mutation.title, mutation.docs));
  }
  return problems;
}

function docsProblems(id: string, title: string, docs: Docs): string[] {
  const texts = { title, why: docs.why, fix: docs.fix, good: docs.good, bad: docs.bad };
  const required = { ...texts, source: docs.source, since: docs.since };
  return Object.entries(required)
    .filter(([, text]) => text.trim() === '')
    .map(([name]) => `${id} has no ${name}`);
}

/** Every rule once, in registry order. */
export function listRules(registry: Registry): RuleInfo[] {
  return [...new Set([...registry.policies.flatMap((policy) => policy.rules), ...registry.bundleRules])];
}

/** Every mutation once, in registry order. Several targets may share one. */
export function listMutations(registry: Registry): MutationInfo[] {
  const all = registry.policies.flatMap((policy) => policy.mutations);
  return all.filter((mutation, index) => all.findIndex((other) => other.id === mutation.id) === index);
}

/** All rules, then all mutations: everything that has a page. */
export function listEntries(registry: Registry): (RuleInfo | MutationInfo)[] {
  return [...listRules(registry), ...listMutations(registry)];
}

/** The names of all cloud providers that a kind names. */
export function listProviders(registry: Registry): ReadonlySet<string> {
  return new Set(registry.policies.flatMap(({ target }) => target.providers ?? []));
}
