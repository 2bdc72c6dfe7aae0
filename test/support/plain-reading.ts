import { type Decision, decide, findRoute } from '../../src/admission/decide.ts';
import { createReviewReader } from '../../src/admission/read.ts';
import { UnreadableReviewError } from '../../src/admission/unreadable.ts';
import type { Registry } from '../../src/policy/registry.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { registry } from './registry.ts';

// Two ways to read a review: the one of the server, and one that parses everything. Their answers must be the same.

/** As if each kind had to be read as a whole. */
function withoutShortcuts(known: Registry): Registry {
  const policies = known.policies.map((policy) => ({
    ...policy,
    target: { ...policy.target, passesUnchanged: undefined, unreadPaths: undefined },
  }));
  const plain = (target: object | undefined) =>
    policies.find((policy, index) => known.policies[index]?.target === target && policy);
  return {
    ...known,
    policies,
    find: (group, kind) => plain(known.find(group, kind)?.target),
    findByResource: (group, resource) => plain(known.findByResource(group, resource)?.target),
  };
}

export const fast = { registry, readReview: createReviewReader(registry) };
const plainRegistry = withoutShortcuts(registry);
export const plain = { registry: plainRegistry, readReview: createReviewReader(plainRegistry) };

export function answerOf(way: typeof fast, body: Buffer, path: string): Decision['answer'] | string {
  const route = findRoute(path);
  if (route === undefined) throw new Error(`no route ${path}`);
  try {
    const options = { registry: way.registry, settings: DEFAULT_SETTINGS, checkpoint: () => {} };
    return decide(way.readReview(body), route, options).answer;
  } catch (error) {
    if (error instanceof UnreadableReviewError) return error.message;
    throw error;
  }
}
