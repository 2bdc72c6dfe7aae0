// A port is only valid with TCP, UDP and SCTP. Without one of them Felix drops the policy. A rule needs no protocol if
// all of its ports are names, because a named port has its own protocol.

import { portRangeProblem } from '../../formats/port-range.ts';
import { hasPorts, protocolProblem } from '../../formats/protocol.ts';
import { isUnset, read, readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listAllEnds, protocolOf } from './shared/policy-rules.ts';

export const policyPortsNeedProtocol: Rule<ObjectInput> = {
  id: 'calico/policy-ports-need-protocol',
  title: 'a rule with ports must have the protocol TCP, UDP or SCTP',
  action: 'deny',
  docs: {
    why: "A CRD accepts the ports have no protocol. Felix drops the whole policy (`Validation failed; treating as missing`), so it allows what the policy denies, and may deny what the policy allows. Calico's API server rejects it (projectcalico/typha#356).",
    fix: 'Write `protocol: TCP`, `UDP` or `SCTP` in the rule. Write two rules for two protocols.',
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
    destination:
      ports: [443]
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
    destination:
      ports: [443]
`,
    source:
      'Calico, libcalico-go validator; conversion and validation of policies for Felix, run: ignored; projectcalico/typha#356',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, entity, rule } of listAllEnds(spec)) {
      const protocol = protocolOf(rule.rule);
      if (protocol !== undefined && (hasPorts(protocol) || isNone(protocol))) continue;
      // Of the wrong type; another rule reports that.
      if (protocol === undefined && !isUnset(read(rule.rule, 'protocol'))) continue;
      for (const field of ['ports', 'notPorts']) {
        const ports = readList(entity, field);
        const isWrong = protocol === undefined ? ports.some(isNumeric) : ports.length > 0;
        if (!isWrong) continue;
        const problem =
          protocol === undefined ? 'the ports have no protocol' : 'the protocol of the rule has no ports';
        const advice = 'write protocol: TCP, UDP or SCTP in the rule';
        yield { path: [...path, field], at: 'key', reason: 'FieldValueForbidden', problem, advice };
      }
    }
  },
};

/** Another rule reports an unknown protocol; with the right protocol the ports may be valid. */
function isNone(protocol: number | string): boolean {
  const problem = protocolProblem(protocol);
  return problem !== undefined && problem !== 'case';
}

function isNumeric(port: unknown): boolean {
  return (typeof port === 'number' || typeof port === 'string') && portRangeProblem(port) === undefined;
}
