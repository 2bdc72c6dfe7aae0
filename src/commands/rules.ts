import { UserError } from '../errors.ts';
import { nearest } from '../formats/nearest.ts';
import { quote } from '../policy/message.ts';
import { renderPage } from '../policy/page.ts';
import { listMutations, listRules } from '../policy/registry.ts';
import { loadRegistry } from '../registry.ts';
import { type Command, expectAtMost, parseFlags } from './command.ts';

export const rules: Command = {
  name: 'rules',
  summary: 'list the rules and mutations, or explain one',
  usage: `calico-admission rules [ID]

Without an ID: every rule with its default action, and every mutation. With one: why it is there, how to fix what it
finds, an example of each, and where the fact comes from.`,

  async run(args, io) {
    const { positionals } = parseFlags(args, {}, rules);
    expectAtMost(positionals, 1, rules);
    const registry = loadRegistry();
    const all = [...listRules(registry), ...listMutations(registry)];
    const [id] = positionals;
    if (id === undefined) {
      const width = Math.max(...all.map((entry) => entry.id.length));
      const lines = all.map((entry) => {
        const action = 'action' in entry ? String(entry.action) : 'mutation';
        return `${entry.id.padEnd(width)}  ${action.padEnd(8)}  ${entry.title}`;
      });
      io.stdout(`${lines.join('\n')}\n`);
      return 0;
    }
    const entry = all.find((known) => known.id === id);
    if (entry === undefined) {
      const candidate = nearest(
        id,
        all.flatMap((known) => [known.id, known.id.split('/').at(-1) ?? '']),
      );
      const full = all.find((known) => known.id === candidate || known.id.endsWith(`/${candidate}`))?.id;
      const hint = full === undefined ? 'calico-admission rules lists them' : `did you mean ${full}?`;
      throw new UserError(`no such rule (got ${quote(id)}); ${hint}`);
    }
    io.stdout(renderPage(entry));
    return 0;
  },
};
