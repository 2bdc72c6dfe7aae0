// ICMP matches that only partly fit the protocol or the family of the rule.
import { icmpVersion } from '../../formats/protocol.ts';
import { isMap, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { isIcmp } from './policy-icmp.ts';
import { listPolicyRules, protocolOf } from './shared/policy-rules.ts';

export const policyIcmpForm: Rule<ObjectInput> = {
  id: 'calico/policy-icmp-form',
  title: 'a rule about ICMP should have one family and the protocol of the match',
  action: 'warn',
  docs: {
    why: 'The CRDs of Calico 3.33 reject ICMP in a rule for IPv6 and ICMPv6 in a rule for IPv4; `calicoctl` always did. All of them accept `notICMP` without the protocol. But the kernel rejects the iptables rule that Felix writes for it (`-m icmp` without `-p icmp`), and with it all other rules of the same update. With nftables and eBPF it works.',
    fix: 'Write `ipVersion: 4` with ICMP and 6 with ICMPv6, or remove it. Write `protocol: ICMP` with `notICMP`, and allow other protocols with another rule.',
    good: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: no-redirects
spec:
  selector: all()
  types: [Ingress]
  ingress:
  - action: Allow
    protocol: ICMP
    ipVersion: 4
    notICMP:
      type: 5
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: no-redirects
spec:
  selector: all()
  types: [Ingress]
  ingress:
  - action: Allow
    notICMP:
      type: 5
`,
    source:
      'Calico, CRDs of policies of the branch for 3.33: validation rules; iptables-restore 1.8.9 (legacy and nf_tables) run with the match that Felix writes: rejected',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, rule } of listPolicyRules(spec)) {
      if (isMap(read(rule, 'notICMP')) && !isIcmp(read(rule, 'protocol'))) {
        const problem = 'without protocol ICMP, iptables rejects the rule';
        const advice = 'write protocol: ICMP in the rule';
        yield { path: [...path, 'notICMP'], at: 'key', reason: 'FieldValueForbidden', problem, advice };
      }
      const version = read(rule, 'ipVersion');
      for (const field of ['protocol', 'notProtocol']) {
        const got = protocolOf(rule, field);
        const wanted = got === undefined ? undefined : icmpVersion(got);
        if (wanted === undefined || (version !== 4 && version !== 6) || version === wanted) continue;
        const problem = `for IPv${wanted} in a rule for IPv${version}, which Calico 3.33 and later reject`;
        const advice = `write ipVersion: ${wanted}, or remove it`;
        yield { path: [...path, field], reason: 'FieldValueInvalid', problem, got, advice };
      }
    }
  },
};
