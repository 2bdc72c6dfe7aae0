// This rule checks the actions of the rules of a policy. The CRDs of Calico 3.32 and later accept four words. Older
// CRDs accept any text; Felix of these releases compares it in any case, and panics at a word that it does not have.
import type { Rule } from '../../policy/types.ts';
import { wordsOf } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

export const policyAction: Rule<ObjectInput> = {
  id: 'calico/policy-action',
  title: 'the actions of a policy must be Allow, Deny, Log or Pass',
  action: 'deny',
  docs: {
    why: 'From Calico 3.32 on the API server rejects any other word, also in lower case. Older CRDs accept it: lower case works there, but a word such as `Accept` or `Drop` makes Felix panic on every node of the policy, again and again.',
    fix: 'Write `Allow`, `Deny`, `Log` or `Pass`. The words are case-sensitive.',
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
  - action: Accept
    source:
      selector: role == 'backend'
`,
    source: 'Calico 3.32, CRDs of policies; Felix 3.31.6, its renderer run: panic, Unknown rule action',
    since: '0.1.0',
  },
  *check({ values }) {
    for (const { keyword, path, value, schema } of values()) {
      if (keyword !== 'enum' || path.at(-1) !== 'action') continue;
      const allowed = wordsOf(schema);
      const problem = 'unsupported action in Calico 3.32 and later';
      yield* checkAllowedValue({ path, value, problem, allowed });
    }
  },
};
