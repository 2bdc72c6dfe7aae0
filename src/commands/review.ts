import { readFileSync } from 'node:fs';
import { decide, findRoute, type Route } from '../admission/decide.ts';
import { createReviewReader } from '../admission/read.ts';
import { UnreadableReviewError } from '../admission/unreadable.ts';
import { loadPolicySettings } from '../config.ts';
import { UserError } from '../errors.ts';
import { quote } from '../policy/message.ts';
import type { PolicySettings } from '../policy/settings.ts';
import { loadRegistry } from '../registry.ts';
import { type Command, expectAtMost, parseFlags } from './command.ts';
import { readInput } from './input.ts';

const OPTIONS = { path: { type: 'string' }, config: { type: 'string' } } as const;

export const review: Command = {
  name: 'review',
  summary: 'answer one AdmissionReview without a server',
  usage: `calico-admission review [--path PATH] [--config FILE] [FILE|-]

Reads one AdmissionReview (JSON) and prints the answer that the server would give.

  --path PATH     /validate (default), /mutate or /mutate/<provider>
  --config FILE   actions, mutations, exemptions and versions, as for serve
  FILE            the review; default: standard input, as with -

Exit code 0 when it was answered, allowed or not; 2 when it cannot be read.`,

  async run(args, io) {
    const { values, positionals } = parseFlags(args, OPTIONS, review);
    expectAtMost(positionals, 1, review);
    const route = parseRoute(values.path ?? '/validate');
    const settings = loadPolicySettings({
      flags: values,
      env: io.env,
      readFile: (path) => readFileSync(path, 'utf8'),
    });
    const bytes = await readInput(positionals[0] ?? '-', io);
    io.stdout(`${answer(bytes, route, settings)}\n`);
    return 0;
  },
};

function answer(bytes: Buffer, route: Route, settings: PolicySettings): string {
  try {
    const registry = loadRegistry();
    const decision = decide(createReviewReader(registry)(bytes), route, {
      registry,
      settings,
      checkpoint: () => {},
    });
    return JSON.stringify(decision.answer, null, 2);
  } catch (error) {
    if (error instanceof UnreadableReviewError) throw new UserError(error.message);
    throw error;
  }
}

function parseRoute(path: string): Route {
  const route = findRoute(path);
  if (route !== undefined) return route;
  throw new UserError(`no such path (got ${quote(path)}); use /validate, /mutate or /mutate/<provider>`);
}
