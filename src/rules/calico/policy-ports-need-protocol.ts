// A port means something with TCP, UDP and SCTP only. Without one of them Felix drops the policy; a rule may do without as
// long as all of its ports are names, because a named port has a protocol of its own.

import { portRangeProblem } from '../../formats/port-range.ts';
import { hasPorts, protocolProblem } from '../../formats/protocol.ts';
import { isUnset, read, readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listAllEnds, protocolOf } from './shared/policy-rules.ts';

export const policyPortsNeedProtocol: Rule<ObjectInput> = {
  id: 'calico/policy-ports-need-protocol',
  title: 'a rule with ports has a protocol with ports',
  action: 'deny',
  docs: {
    why: "A CRD takes ports without a protocol. Felix drops the whole policy (`Validation failed; treating as missing`), so that what it denies is allowed and what it allows may be denied. Calico's API server rejects it (projectcalico/typha#356).",
    fix: 'Write `protocol: TCP`, `UDP` or `SCTP` in the rule; make two rules for two protocols.',
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
      // Of the wrong type; that is told already.
      if (protocol === undefined && !isUnset(read(rule.rule, 'protocol'))) continue;
      for (const field of ['ports', 'notPorts']) {
        const ports = readList(entity, field);
        const isWrong = protocol === undefined ? ports.some(isNumeric) : ports.length > 0;
        if (!isWrong) continue;
        const problem =
          protocol === undefined ? 'ports without a protocol' : 'ports of a protocol that has none';
        const advice = 'write protocol: TCP, UDP or SCTP in the rule';
        yield { path: [...path, field], at: 'key', reason: 'FieldValueForbidden', problem, advice };
      }
    }
  },
};

/** That it is no protocol is told at the protocol; with the one that was meant the ports may be right. */
function isNone(protocol: number | string): boolean {
  const problem = protocolProblem(protocol);
  return problem !== undefined && problem !== 'case';
}

function isNumeric(port: unknown): boolean {
  return (typeof port === 'number' || typeof port === 'string') && portRangeProblem(port) === undefined;
}
