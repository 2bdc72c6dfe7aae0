// The directions that a policy is about. The CRDs of Calico 3.32 and later take Ingress and Egress, each once. Older ones
// take anything, and a policy whose words nobody knows acts in no direction.
import type { Finding, Rule } from '../../policy/types.ts';
import { type ValueProblem, wordsOf } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

export const policyTypes: Rule<ObjectInput> = {
  id: 'calico/policy-types',
  title: 'the types of a policy are Ingress and Egress',
  action: 'deny',
  docs: {
    why: 'The API server rejects another word, in lower case too, an empty list, and a direction that is there twice, from Calico 3.32 on. Older CRDs take it: lower case works there, but with another word the policy acts in no direction, and nothing is denied.',
    fix: 'Write `[Ingress]`, `[Egress]` or both; capital letters count. Without the field the directions are taken from the rules.',
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
        problem: 'not a direction from Calico 3.32 on',
        allowed: wordsOf(schema),
      });
      return;
    case 'minItems':
      yield {
        path,
        reason: 'FieldValueRequired',
        problem: 'the list is empty',
        advice: 'write Ingress, Egress or both, or remove the field',
      };
      return;
    case 'uniqueItems':
      yield {
        path,
        reason: 'FieldValueDuplicate',
        problem: 'the direction is there twice',
        got: value,
        advice: 'remove one',
      };
      return;
    default:
      // More than two entries are words that nobody knows, or are there twice.
      return;
  }
}
