import { indexOld } from '../check/old.ts';
import type { Source } from '../check/read.ts';
import { createWorkspace } from '../check/workspace.ts';
import type { Policy, RuleInfo } from '../policy/evaluate.ts';
import { type FieldPath, formatPath } from '../policy/field-path.ts';
import type { Registry } from '../policy/registry.ts';
import { DEFAULT_SETTINGS } from '../policy/settings.ts';

/** The rules that have findings in a field of a kind. */
export type FieldRules = (policy: Policy, path: FieldPath) => readonly RuleInfo[];

/** The bad example of each rule shows its fields. It is evaluated when it is first needed. */
export function createFieldRules(registry: Registry): FieldRules {
  const known = new Map<RuleInfo, ReadonlySet<string>>();
  return (policy, path) => {
    const { id, kind } = policy.target;
    const across = registry.bundleRules.filter((rule) => rule.id.startsWith(`${id}/`));
    const place = nameField(kind, path);
    return [...policy.rules, ...across].filter((rule) => {
      const places = known.get(rule) ?? findFields(rule, registry);
      known.set(rule, places);
      return places.has(place);
    });
  };
}

function findFields({ id, docs }: RuleInfo, registry: Registry): ReadonlySet<string> {
  const toSource = (text: string): Source => ({ name: 'example.yaml', isNamed: true, read: () => text });
  const workspace = createWorkspace({
    registry,
    settings: DEFAULT_SETTINGS,
    each: false,
    strict: false,
    notes: true,
    old: docs.old === undefined ? undefined : indexOld([toSource(docs.old)], registry),
  });
  workspace.put(toSource(docs.bad));
  const { findings } = workspace.report();
  return new Set(findings.flatMap(({ rule, kind, path }) => (rule === id ? [nameField(kind, path)] : [])));
}

/** The same name for a field in each item of a list. */
function nameField(kind: string, path: FieldPath): string {
  return `${kind} ${formatPath(path.map((step) => (typeof step === 'number' ? 0 : step)))}`;
}
