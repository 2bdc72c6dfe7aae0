// The length of texts and lists, and the lists that are sets. The API server checks them and rejects the object.
import type { CauseReason, Finding, Rule } from '../../policy/types.ts';
import type { ValueKeyword, ValueProblem } from '../../schema/values.ts';
import { countItems, type ObjectInput } from '../../targets/object.ts';
import { hasOwnRule } from './shared/value-owners.ts';

export const calicoLimit: Rule<ObjectInput> = {
  id: 'calico/limit',
  title: 'texts and lists must not be longer than the API server allows',
  action: 'deny',
  docs: {
    why: 'The API server rejects a text or a list that is too long or too short, and a set that has an entry twice.',
    fix: 'Shorten the text, split the list over several objects, or remove the second entry.',
    good: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkSet
metadata:
  name: partners
  labels:
    role: partner
spec:
  nets: [192.0.2.0/24, 198.51.100.0/24]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkSet
metadata:
  name: partners
  labels:
    role: partner
spec:
  nets: [192.0.2.0/24, 192.0.2.0/24]
`,
    source: 'Calico 3.32, CRDs: maxLength, minItems, maxItems and lists of type set',
    since: '0.1.0',
  },
  *check(input) {
    for (const problem of input.values()) {
      if (problem.since !== undefined || hasOwnRule(problem.path)) continue;
      const finding = findLimit(problem, input);
      if (finding !== undefined) yield finding;
    }
  },
};

const REASONS: Partial<Record<ValueKeyword, CauseReason>> = {
  maxLength: 'FieldValueInvalid',
  minItems: 'FieldValueRequired',
  maxItems: 'FieldValueInvalid',
  uniqueItems: 'FieldValueDuplicate',
};

/** The problem of a text or a list beyond its limits; none for other values. */
export function findLimit(
  { keyword, path, value, schema }: ValueProblem,
  input: ObjectInput,
): Finding | undefined {
  const reason = REASONS[keyword];
  if (reason === undefined) return undefined;
  const limit = schema[keyword];
  switch (keyword) {
    case 'maxLength':
      return { path, reason, problem: `longer than ${limit} characters`, got: value, advice: 'shorten it' };
    case 'minItems':
      return { path, reason, problem: 'the list is empty', advice: 'add an entry, or remove the list' };
    case 'maxItems':
      return {
        path,
        reason,
        problem: `more than ${limit} entries`,
        got: countItems(input, path),
        advice: 'split the list over several rules or objects',
      };
    default:
      return {
        path,
        reason,
        problem: 'the list has this entry twice',
        got: value,
        advice: 'remove one of them',
      };
  }
}
