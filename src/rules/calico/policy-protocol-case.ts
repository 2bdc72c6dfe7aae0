// Felix compares protocols in any case; Calico's API server does not.
import { canonicalProtocol, protocolProblem } from '../../formats/protocol.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listPolicyRules, protocolOf } from './shared/policy-rules.ts';

export const policyProtocolCase: Rule<ObjectInput> = {
  id: 'calico/policy-protocol-case',
  title: "protocols of a policy should have the case that Calico's API server accepts",
  action: 'warn',
  docs: {
    why: "Calico's API server and `calicoctl` reject a protocol with another case. With CRDs it is stored, and Felix uses it as intended.",
    fix: 'Write `TCP`, `UDP`, `ICMP`, `ICMPv6`, `SCTP` or `UDPLite`.',
    good: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  selector: role == 'web'
  types: [Ingress]
  ingress:
  - action: Allow
    protocol: TCP
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  selector: role == 'web'
  types: [Ingress]
  ingress:
  - action: Allow
    protocol: tcp
`,
    source:
      'Calico, libcalico-go validator (protocol); conversion and validation of policies for Felix, run: installed',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, rule } of listPolicyRules(spec)) {
      for (const field of ['protocol', 'notProtocol']) {
        const got = protocolOf(rule, field);
        if (typeof got !== 'string' || protocolProblem(got) !== 'case') continue;
        const value = canonicalProtocol(got);
        if (value === undefined) continue;
        const problem = "wrong case, which Calico's API server rejects";
        const fix = { kind: 'replace', value } as const;
        yield {
          path: [...path, field],
          reason: 'FieldValueNotSupported',
          problem,
          got,
          advice: `write ${value}`,
          fix,
        };
      }
    }
  },
};
