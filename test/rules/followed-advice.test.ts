import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RuleInfo } from '../../src/policy/evaluate.ts';
import { type FieldPath, formatPath } from '../../src/policy/field-path.ts';
import { isMap, read } from '../../src/policy/json.ts';
import type { RuleFinding } from '../../src/policy/types.ts';
import { validate } from '../support/evaluate.ts';
import { renderLine } from '../support/message.ts';
import { registry } from '../support/registry.ts';

// The advice for each rule's bad example, followed literally, removes the finding and adds no other.
// Advice that a machine cannot follow ("create a second pool") is for people.

// Several kinds may share a rule, and its examples.
const rules = [...new Set(registry.policies.flatMap((policy) => policy.rules))];

/** The object after the advice is applied; undefined where only a person can follow it. */
function follow(object: unknown, finding: RuleFinding): unknown {
  const { path, at, fix, advice } = finding;
  if (fix?.kind === 'rename') return rename(object, path, fix.to);
  if (fix?.kind === 'replace') return put(object, path, fix.value);
  if (/^remove it(?:$|[,;])/.test(advice)) return remove(object, path);
  const quoted = /^put it in quotes: "(.*)"$/.exec(advice)?.[1];
  if (quoted !== undefined) return put(object, path, quoted);
  const list = /^write (\["[^"]*"\])$/.exec(advice)?.[1];
  if (list !== undefined) return put(object, path, parse(list));
  const [, sibling, value] = /^write (\w+): (\w+)$/.exec(advice) ?? [];
  if (sibling?.startsWith(String(path.at(-1))) && value !== undefined) {
    const at = [...path.slice(0, -1), sibling];
    return put(sibling === path.at(-1) ? object : remove(object, path), at, parse(value));
  }
  const word = /^(?:did you mean ([\w.:/-]+)\?|write ([\w.:/-]+)$)/.exec(advice);
  const meant = word?.[1] ?? word?.[2];
  // A value with more text after it is for people.
  if (meant === undefined || PRONOUNS.includes(meant) || meant === path.at(-1)) return undefined;
  // Of several in a list the message shows the one that is meant.
  if (at !== 'key' && read(object, ...path) !== finding.got) return undefined;
  return at === 'key' ? rename(object, path, meant) : put(object, path, parse(meant));
}

const PRONOUNS = ['it', 'one', 'both', 'them', 'more'];

function put(object: unknown, path: FieldPath, value: unknown): unknown {
  const [step, ...below] = path;
  if (step === undefined) return value;
  if (Array.isArray(object))
    return object.map((item, index) => (index === step ? put(item, below, value) : item));
  return { ...(isMap(object) ? object : {}), [step]: put(read(object, String(step)), below, value) };
}

function remove(object: unknown, path: FieldPath): unknown {
  const parent = path.slice(0, -1);
  const holder = read(object, ...parent);
  if (Array.isArray(holder))
    return put(
      object,
      parent,
      holder.filter((_, index) => index !== path.at(-1)),
    );
  const left = Object.entries(isMap(holder) ? holder : {}).filter(([key]) => key !== path.at(-1));
  return put(object, parent, Object.fromEntries(left));
}

function rename(object: unknown, path: FieldPath, name: string): unknown {
  return put(remove(object, path), [...path.slice(0, -1), name], read(object, ...path));
}

function examples(rule: RuleInfo) {
  const old: unknown = rule.docs.old === undefined ? undefined : parse(rule.docs.old);
  const object: unknown = parse(rule.docs.bad, { uniqueKeys: false });
  const evaluate = (each: unknown) => {
    const { findings } = validate(registry, { object: each, ...(old !== undefined && { old }) });
    return findings.filter(({ action }) => action !== 'audit');
  };
  return { object, evaluate };
}

const nameOf = ({ rule, path }: RuleFinding) => `${rule} ${formatPath(path)}`;
const followed = new Set<string>();

describe('advice that is followed to the letter', () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))('of %s leads to a clean object', (id, rule) => {
    const { object, evaluate } = examples(rule);
    const before = evaluate(object);
    const known = new Set(before.map(nameOf));
    // From the last to the first, so that what is removed moves nothing.
    const own = before.filter((each) => each.rule === id).toReversed();
    let corrected = object;
    const gone = new Set<string>();
    for (const finding of own) {
      const next = follow(corrected, finding);
      if (next === undefined) continue;
      corrected = next;
      gone.add(nameOf(finding));
    }
    if (gone.size === 0) return;
    followed.add(id);
    const after = evaluate(corrected).filter((each) => !known.has(nameOf(each)) || gone.has(nameOf(each)));
    expect(after.map(renderLine), own.map(renderLine).join()).toEqual([]);
  });

  it('is a good part of it', () => {
    expect(followed.size).toBeGreaterThan(rules.length / 4);
  });
});
