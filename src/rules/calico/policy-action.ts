// What becomes of a packet. The CRDs of Calico 3.32 and later know four words. Older ones take any text; Felix of these
// releases compares it without regard to case, and panics at a word that it does not know.
import type { Rule } from '../../policy/types.ts';
import { wordsOf } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

export const policyAction: Rule<ObjectInput> = {
  id: 'calico/policy-action',
  title: 'the actions of a policy are Allow, Deny, Log and Pass',
  action: 'deny',
  docs: {
    why: 'The API server rejects any other word, in lower case too, from Calico 3.32 on. Older CRDs take it: lower case works there, but a word such as `Accept` or `Drop` makes Felix panic on every node that the policy is for, again and again.',
    fix: 'Write `Allow`, `Deny`, `Log` or `Pass`; capital letters count.',
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
      const problem = 'not an action from Calico 3.32 on';
      yield* checkAllowedValue({ path, value, problem, allowed });
    }
  },
};
