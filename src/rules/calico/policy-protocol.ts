// The protocol of a rule: one of six names, or a number of 8 bits. Felix drops a policy with another name; a number with
// more bits makes the list of all policies fail.
import { protocolNames, protocolProblem } from '../../formats/protocol.ts';
import { listAlternatives } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listPolicyRules, protocolOf } from './shared/policy-rules.ts';

export const policyProtocol: Rule<ObjectInput> = {
  id: 'calico/policy-protocol',
  title: 'the protocols of a policy are protocols',
  action: 'deny',
  docs: {
    why: 'A CRD takes any text and any number. For a name that it does not know, and for 0, Felix drops the whole policy, so that what it denies is allowed. A number beyond 255 cannot be decoded: the list of all policies fails, and in the whole cluster no change of any policy is carried out.',
    fix: 'Write `TCP`, `UDP`, `ICMP`, `ICMPv6`, `SCTP` or `UDPLite`, or a number from 1 to 255; for any protocol leave the field out.',
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
        const problem = kind === 'unknown' ? 'not a protocol that Felix knows' : 'not a number of a protocol';
        const advice = `write ${listAlternatives([...protocolNames, '1 to 255'])}`;
        yield { path: [...path, field], reason: 'FieldValueNotSupported', problem, got, advice };
      }
    }
  },
};
