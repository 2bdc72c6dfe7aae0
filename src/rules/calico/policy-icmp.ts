// This rule checks types and codes of ICMP. A code needs a type, and only ICMP packets have them.
import { canonicalProtocol } from '../../formats/protocol.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { isMap, isUnset, read } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listPolicyRules } from './shared/policy-rules.ts';

export const policyIcmp: Rule<ObjectInput> = {
  id: 'calico/policy-icmp',
  title: 'a rule about ICMP must have the protocol and a type',
  action: 'deny',
  docs: {
    why: 'The API server rejects the code has no type (Calico 3.32 and later), and from 3.33 on, as `calicoctl` always did, `icmp` without the protocol ICMP or ICMPv6. If the latter is stored, the kernel rejects the iptables rule that Felix writes for it (`-m icmp` without `-p icmp`), and with it all other rules of the same update: Felix no longer changes the rules of the node.',
    fix: 'Write `protocol: ICMP` or `ICMPv6` in the rule, and a `type` with `code`.',
    good: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: ping
spec:
  selector: all()
  types: [Ingress]
  ingress:
  - action: Allow
    protocol: ICMP
    icmp:
      type: 8
      code: 0
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: ping
spec:
  selector: all()
  types: [Ingress]
  ingress:
  - action: Allow
    protocol: TCP
    icmp:
      type: 8
`,
    source:
      'Calico 3.32, CRDs of policies: validation rules; libcalico-go validator; iptables-restore 1.8.9 (legacy and nf_tables) run with the match that Felix writes: rejected',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, rule } of listPolicyRules(spec)) {
      for (const field of ['icmp', 'notICMP']) yield* checkCode([...path, field], read(rule, field));
      if (!isMap(read(rule, 'icmp')) || isIcmp(read(rule, 'protocol'))) continue;
      const problem = 'the protocol of the rule is not ICMP, so the kernel rejects it';
      const advice = 'write protocol: ICMP or ICMPv6 in the rule';
      yield { path: [...path, 'icmp'], at: 'key', reason: 'FieldValueForbidden', problem, advice };
    }
  },
};

function* checkCode(path: FieldPath, match: unknown): Generator<Finding> {
  if (!isMap(match) || isUnset(read(match, 'code')) || !isUnset(read(match, 'type'))) return;
  const got = read(match, 'code');
  const problem = 'the code has no type';
  yield {
    path: [...path, 'code'],
    reason: 'FieldValueInvalid',
    problem,
    got,
    advice: 'add the type',
  };
}

/** By name in any case, as Felix compares it, or by number. */
export function isIcmp(protocol: unknown): boolean {
  if (typeof protocol === 'string' && canonicalProtocol(protocol)?.startsWith('ICMP')) return true;
  // Not String(protocol): a map with a key `toString` has no text.
  return [1, 58, '1', '58'].some((number) => number === protocol);
}
