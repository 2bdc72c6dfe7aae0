// This rule checks the directions of a policy. The CRDs of Calico 3.32 and later accept Ingress and Egress, each once.
// Older CRDs accept anything, and a policy with only unknown words applies to no direction.
import type { Finding, Rule } from '../../policy/types.ts';
import { type ValueProblem, wordsOf } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

export const policyTypes: Rule<ObjectInput> = {
  id: 'calico/policy-types',
  title: 'the types of a policy must be Ingress and Egress, each at most once',
  action: 'deny',
  docs: {
    why: 'From Calico 3.32 on the API server rejects another word, also in lower case, an empty list, and a direction that is listed twice. Older CRDs accept these: lower case works there, but with another word the policy applies to no direction, and nothing is denied.',
    fix: 'Write `[Ingress]`, `[Egress]` or both. The words are case-sensitive. Without the field, Calico derives the directions from the rules.',
    good: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: shop
spec:
  types: [Ingress, Egress]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: shop
spec:
  types: [ingress, egress]
`,
    source: 'Calico 3.32, CRDs of policies; Felix (policy_sorter.go)',
    since: '0.1.0',
  },
  *check({ values }) {
    for (const problem of values()) {
      if (problem.path[0] === 'spec' && problem.path[1] === 'types') yield* describeProblem(problem);
    }
  },
};

function* describeProblem({ keyword, path, value, schema }: ValueProblem): Generator<Finding> {
  switch (keyword) {
    case 'enum':
      yield* checkAllowedValue({
        path,
        value,
        problem: 'unsupported direction in Calico 3.32 and later',
        allowed: wordsOf(schema),
      });
      return;
    case 'minItems':
      yield {
        path,
        reason: 'FieldValueRequired',
        problem: 'the list is empty',
        advice: 'add Ingress, Egress or both, or remove the field',
      };
      return;
    case 'uniqueItems':
      yield {
        path,
        reason: 'FieldValueDuplicate',
        problem: 'the list has this direction twice',
        got: value,
        advice: 'remove one of them',
      };
      return;
    default:
      // More than two entries are unknown words, or are listed twice.
      return;
  }
}
