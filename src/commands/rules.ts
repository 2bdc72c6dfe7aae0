import { UserError } from '../errors.ts';
import { nearest } from '../formats/nearest.ts';
import type { MutationInfo, RuleInfo } from '../policy/evaluate.ts';
import { quote } from '../policy/message.ts';
import { listEntries } from '../policy/registry.ts';
import { renderRulePage } from '../policy/rule-page.ts';
import { loadRegistry } from '../registry.ts';
import { type Command, expectAtMost, parseFlags } from './command.ts';

export const rules: Command = {
  name: 'rules',
  summary: 'list the rules and mutations, or explain one',
  usage: `calico-admission rules [ID|GROUP]

Without an ID: all rules with their default action, and all mutations. With a group, such as shoot or calico: the rules
of the group. With an ID: why the rule exists, how to fix a finding, a good and a bad example, and the source of the
fact.`,

  async run(args, io) {
    const { positionals } = parseFlags(args, {}, rules);
    expectAtMost(positionals, 1, rules);
    const registry = loadRegistry();
    const all = listEntries(registry);
    const [id] = positionals;
    const entry = all.find((known) => known.id === id);
    if (entry !== undefined) {
      io.stdout(renderRulePage(entry));
      return 0;
    }
    const listed = id === undefined ? all : all.filter((known) => groupOf(known.id) === id);
    if (listed.length === 0) throw noSuchRule(id ?? '', all);
    io.stdout(formatList(listed));
    return 0;
  },
};

function formatList(listed: readonly (RuleInfo | MutationInfo)[]): string {
  const width = Math.max(...listed.map((entry) => entry.id.length));
  const lines = listed.map((entry) => {
    const action = 'action' in entry ? entry.action : 'mutation';
    return `${entry.id.padEnd(width)}  ${action.padEnd(8)}  ${entry.title}`;
  });
  return `${lines.join('\n')}\n`;
}

/** Undefined for mutations, which have no group. */
function groupOf(id: string): string | undefined {
  return id.includes('/') ? id.split('/', 1)[0] : undefined;
}

function noSuchRule(id: string, all: readonly { readonly id: string }[]): UserError {
  const names = all.flatMap((known) => [known.id, groupOf(known.id) ?? '']);
  const meant = nearest(id, [...names, ...names.map((name) => name.split('/').at(-1) ?? '')]);
  const full = names.find((name) => name === meant) ?? names.find((name) => name.endsWith(`/${meant}`));
  const hint = meant === undefined ? 'calico-admission rules lists them' : `did you mean ${full}?`;
  return new UserError(`no such rule (got ${quote(id)}); ${hint}`);
}
