// This rule checks the rules of a policy that match HTTP requests. Their action is Allow, and their protocol is TCP or
// not set.
import { isMap, isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listPolicyRules } from './shared/policy-rules.ts';

export const policyHttp: Rule<ObjectInput> = {
  id: 'calico/policy-http',
  title: 'a rule about HTTP must have the action Allow and the protocol TCP',
  action: 'deny',
  docs: {
    why: 'The API server rejects `http` in a rule with another action than Allow, or with another protocol than TCP (Calico 3.32 and later).',
    fix: 'Write `action: Allow` and `protocol: TCP`. Requests that no rule allows are denied.',
    good: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: read-only
  namespace: shop
spec:
  selector: role == 'web'
  types: [Ingress]
  ingress:
  - action: Allow
    protocol: TCP
    http:
      methods: [GET]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: read-only
  namespace: shop
spec:
  selector: role == 'web'
  types: [Ingress]
  ingress:
  - action: Deny
    protocol: TCP
    http:
      methods: [POST]
`,
    source: 'Calico 3.32, CRDs of policies: validation rules',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, rule } of listPolicyRules(spec)) {
      if (!isMap(read(rule, 'http'))) continue;
      const action = read(rule, 'action');
      const at = { path: [...path, 'http'], at: 'key', reason: 'FieldValueForbidden' } as const;
      if (action !== 'Allow') {
        yield {
          ...at,
          problem: 'a rule about HTTP can only allow',
          advice: 'write action: Allow, for the requests that you want to allow',
        };
      }
      const protocol = read(rule, 'protocol');
      if (isUnset(protocol) || protocol === 'TCP' || protocol === 6) continue;
      yield { ...at, problem: 'HTTP needs the protocol TCP', advice: 'write protocol: TCP in the rule' };
    }
  },
};
