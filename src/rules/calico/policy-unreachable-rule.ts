// Calico applies the rules of a policy in order, and Allow, Deny and Pass end the evaluation of the policy.
import { isMap, isUnset, readList, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** `next-tier` is the old name of Pass. Log is missing: after a Log, Felix goes on with the next rule. */
const FINAL_ACTIONS = ['allow', 'deny', 'pass', 'next-tier'];

export const policyUnreachableRule: Rule<ObjectInput> = {
  id: 'calico/policy-unreachable-rule',
  title: 'a rule that matches all traffic should be the last rule',
  action: 'warn',
  docs: {
    why: 'Calico applies the rules of a policy in order. A rule without matches applies to all traffic, so the rules after it have no effect: traffic that they should deny may be allowed, and traffic that they should allow may be denied.',
    fix: 'Move the rule without matches to the end of the list, or remove the rules after it. If the rule should only match some traffic, write the match, such as `protocol` or `source`.',
    good: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: database
  namespace: shop
spec:
  selector: role == 'db'
  types: [Ingress]
  ingress:
  - action: Allow
    source:
      selector: role == 'backend'
  - action: Deny
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: database
  namespace: shop
spec:
  selector: role == 'db'
  types: [Ingress]
  ingress:
  - action: Deny
  - action: Allow
    source:
      selector: role == 'backend'
`,
    source: 'Calico, NetworkPolicy: ordered lists of rules; Felix, rules/policy.go',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const direction of ['ingress', 'egress']) {
      const rules = readList(spec, direction);
      const index = rules.findIndex(matchesEverything);
      if (index === -1 || index === rules.length - 1) continue;
      yield {
        path: ['spec', direction, index],
        reason: 'FieldValueInvalid',
        problem: 'the rule matches all traffic, so the rules after it never apply',
        advice: 'move it to the end, or remove the rules after it',
      };
    }
  },
};

/** Whether a rule ends the evaluation for every packet. A field that is not known counts as a match. */
function matchesEverything(rule: unknown): boolean {
  const action = readString(rule, 'action')?.toLowerCase() ?? '';
  if (!isMap(rule) || !FINAL_ACTIONS.includes(action)) return false;
  return Object.entries(rule).every(
    ([field, value]) =>
      field === 'action' || field === 'metadata' || isUnset(value) || isEmptyEnd(field, value),
  );
}

function isEmptyEnd(field: string, value: unknown): boolean {
  return (
    (field === 'source' || field === 'destination') && isMap(value) && Object.values(value).every(isUnset)
  );
}
