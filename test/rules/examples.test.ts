import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { MutationInfo, Policy, RuleInfo } from '../../src/policy/evaluate.ts';
import { findDuplicateKeys } from '../../src/schema/duplicates.ts';
import { mutate, validate } from '../support/evaluate.ts';
import { expectMessage, renderLine } from '../support/message.ts';
import { registry } from '../support/registry.ts';

/** A JSON value in an example is taken byte by byte, as the API server keeps a providerConfig. */
function duplicatesOf(yaml: string) {
  const raw = /providerConfig: (\{.*\})$/m.exec(yaml)?.[1];
  return raw === undefined ? [] : findDuplicateKeys(Buffer.from(raw));
}

function example(entry: RuleInfo | MutationInfo, which: 'good' | 'bad') {
  const text = entry.docs[which];
  const old = entry.docs.old === undefined ? {} : { old: parse(entry.docs.old) };
  const object: unknown = parse(text, { uniqueKeys: false });
  return { object, duplicates: duplicatesOf(text), ...old };
}

function entries<T>(list: (policy: Policy) => readonly T[]): T[] {
  return registry.policies.flatMap(list);
}

describe("the documentation's examples", () => {
  const rules = entries((policy) => policy.rules);
  it.each(rules.map((rule) => [rule.id, rule] as const))(
    '%s finds its bad example, not its good one, and writes messages of the one pattern',
    (id, rule) => {
      const bad = validate(registry, example(rule, 'bad')).findings;
      expect(bad.filter((each) => each.rule === id)).not.toEqual([]);
      for (const each of bad) expectMessage(each);
      const good = validate(registry, example(rule, 'good')).findings;
      // A good example is good in every respect: a user who copies it must not get a finding of another rule.
      expect(good.map(renderLine)).toEqual([]);
    },
  );

  const mutations = entries((policy) => policy.mutations);
  it.each(mutations.map((mutation) => [mutation.id, mutation] as const))(
    '%s changes its bad example only',
    (id, mutation) => {
      expect(mutate(registry, example(mutation, 'bad')).mutations).toContain(id);
      expect(mutate(registry, example(mutation, 'good')).mutations).toEqual([]);
    },
  );
});
