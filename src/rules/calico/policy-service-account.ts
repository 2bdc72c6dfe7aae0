// This rule checks the names of service accounts. Felix builds a selector from them, and ignores it if it cannot be
// parsed.
import { readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listAllEnds } from './shared/policy-rules.ts';

export const policyServiceAccount: Rule<ObjectInput> = {
  id: 'calico/policy-service-account',
  title: 'service account names in a rule must be valid',
  action: 'deny',
  docs: {
    why: "Felix builds a selector from the names. A quote in a name makes it invalid, and Felix ignores the restriction: the rule matches every pod. Neither the CRDs nor Calico's API server check this.",
    fix: 'Write the names as `kubectl get serviceaccounts` prints them: lower-case letters, digits, `-` and `.`.',
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
      serviceAccounts:
        names: [backend]
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
  - action: Allow
    source:
      serviceAccounts:
        names: ["'backend'"]
`,
    source: 'Calico, conversion of policies for Felix (parseServiceAccounts), run: restriction dropped',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, entity } of listAllEnds(spec)) {
      for (const [index, got] of readList(entity, 'serviceAccounts', 'names').entries()) {
        if (typeof got !== 'string' || !got.includes("'")) continue;
        const problem = 'the name has a quote, so Felix ignores the restriction';
        const at = [...path, 'serviceAccounts', 'names', index];
        yield {
          path: at,
          reason: 'FieldValueInvalid',
          problem,
          got,
          advice: 'write the name without quotes',
        };
      }
    }
  },
};
