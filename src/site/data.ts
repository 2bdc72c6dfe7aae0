import type { MutationInfo, RuleInfo } from '../policy/evaluate.ts';
import { listMutations } from '../policy/registry.ts';
import { pageUrl } from '../policy/rule-page.ts';
import { loadRegistry } from '../registry.ts';

/** A rule or mutation in the list of all rules. */
export interface Entry {
  readonly id: string;
  readonly title: string;
  /** `mutation` for a mutation. */
  readonly action: string;
  /** The path of its page, from the base of the site. */
  readonly page: string;
}

/** The rules of one kind. */
export interface EntryGroup {
  readonly heading: string;
  readonly entries: readonly Entry[];
}

/**
 * All rules and mutations by kind, in the order of docs/rules. A rule of several kinds is in each of their groups.
 */
export function listEntryGroups(): readonly EntryGroup[] {
  const registry = loadRegistry();
  return [
    ...registry.policies
      .filter(({ rules }) => rules.length > 0)
      .map(({ target, rules }) => ({
        heading: `${target.kind} (${target.apis.map(({ group }) => group || 'core').join(', ')})`,
        entries: rules.map(ruleEntry),
      })),
    { heading: 'Across documents', entries: registry.bundleRules.map(ruleEntry) },
    { heading: 'Mutations', entries: listMutations(registry).map(mutationEntry) },
  ];
}

function ruleEntry({ id, title, action }: RuleInfo): Entry {
  return { id, title, action, page: pageUrl('', id) };
}

function mutationEntry({ id, title }: MutationInfo): Entry {
  return { id, title, action: 'mutation', page: pageUrl('', id) };
}
