// The protocol of a rule: one of six names, or an 8-bit number. Felix drops a policy with another name; with a larger
// number, listing all policies fails.
import { protocolNames, protocolProblem } from '../../formats/protocol.ts';
import { listAlternatives } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listPolicyRules, protocolOf } from './shared/policy-rules.ts';

export const policyProtocol: Rule<ObjectInput> = {
  id: 'calico/policy-protocol',
  title: 'the protocols of a policy must be valid protocols',
  action: 'deny',
  docs: {
    why: 'A CRD accepts any text and any number. With an unknown name, and with 0, Felix drops the whole policy, so it allows what the policy denies. A number above 255 cannot be decoded: listing all policies fails, and no change of any policy takes effect in the whole cluster.',
    fix: 'Write `TCP`, `UDP`, `ICMP`, `ICMPv6`, `SCTP` or `UDPLite`, or a number from 1 to 255. Remove the field to match any protocol.',
    good: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: tunnels
  namespace: shop
spec:
  selector: role == 'gateway'
  types: [Ingress]
  ingress:
  - action: Allow
    protocol: 47
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: tunnels
  namespace: shop
spec:
  selector: role == 'gateway'
  types: [Ingress]
  ingress:
  - action: Allow
    protocol: GRE
`,
    source:
      'Calico, numorstring.Protocol and libcalico-go validator; decoding, conversion and validation for Felix, run: policy ignored, or list fails',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, rule } of listPolicyRules(spec)) {
      for (const field of ['protocol', 'notProtocol']) {
        const got = protocolOf(rule, field);
        const kind = got === undefined ? undefined : protocolProblem(got);
        if (kind === undefined || kind === 'case') continue;
        const problem =
          kind === 'unknown' ? 'Felix does not support this protocol' : 'invalid protocol number';
        const advice = `write ${listAlternatives([...protocolNames, 'a number from 1 to 255'])}`;
        yield { path: [...path, field], reason: 'FieldValueNotSupported', problem, got, advice };
      }
    }
  },
};
