import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { formatPath } from '../../src/policy/field-path.ts';
import { evaluateDocuments } from '../support/bundle.ts';
import { expectMessage, renderLine } from '../support/message.ts';
import { registry } from '../support/registry.ts';

function evaluate(yaml: string) {
  const objects = parseAllDocuments(yaml).map((document) => document.toJS());
  return evaluateDocuments(registry, objects, { isComplete: true });
}

describe('the examples of rules across documents', () => {
  it.each(registry.bundleRules.map((rule) => [rule.id, rule] as const))(
    '%s finds its bad example, not its good one',
    (id, rule) => {
      const bad = evaluate(rule.docs.bad).filter((each) => each.rule === id);
      expect(bad).not.toEqual([]);
      for (const each of bad) expectMessage(each);
      const good = evaluate(rule.docs.good);
      expect(good.map(renderLine)).toEqual([]);
    },
  );

  it.each(registry.bundleRules.map((rule) => [rule.id, rule] as const))(
    '%s does not depend on the order of its example',
    (id, rule) => {
      const objects = parseAllDocuments(rule.docs.bad).map((document) => document.toJS());
      const paths = (list: unknown[]) =>
        evaluateDocuments(registry, list, { isComplete: true })
          .filter((each) => each.rule === id)
          .map((each) => `${each.document.kind} ${each.document.name} ${formatPath(each.path)}`)
          .sort();
      expect(paths(objects.toReversed())).toHaveLength(paths(objects).length);
    },
  );
});
