// Names of service accounts. Felix makes a selector of them, and one that it cannot read is left out.
import { readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listAllEnds } from './shared/policy-rules.ts';

export const policyServiceAccount: Rule<ObjectInput> = {
  id: 'calico/policy-service-account',
  title: 'service accounts of a rule have names that can be read',
  action: 'deny',
  docs: {
    why: "Felix makes a selector of the names. A quote in one breaks it, and then the restriction is left out: the rule is about every pod. Neither the CRDs nor Calico's API server look at it.",
    fix: 'Write the names as `kubectl get serviceaccounts` shows them: lower-case letters, digits, `-` and `.`.',
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
        const problem = 'a quote, for which Felix leaves the restriction out';
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
