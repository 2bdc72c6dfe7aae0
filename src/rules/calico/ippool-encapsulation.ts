// A packet is encapsulated once: with IP-in-IP or with VXLAN, never with both, and IP-in-IP only supports IPv4. If
// calico-node must create such a pool itself, it fails and restarts forever. VXLAN with IPv6 is fine.
import { parseCidr } from '../../formats/cidr.ts';
import { read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { isEncapsulated } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const ippoolEncapsulation: Rule<ObjectInput> = {
  id: 'calico/ippool-encapsulation',
  title: 'a pool must have at most one encapsulation, which supports its IP family',
  action: 'deny',
  docs: {
    why: 'Calico encapsulates packets with IP-in-IP or with VXLAN, and IPv6 only with VXLAN. Its API rejects a pool with both. CRDs up to Calico 3.31 accept it, and the result is not defined.',
    fix: 'Set `ipipMode` or `vxlanMode` to `Never`; with IPv6 set `ipipMode` to `Never`.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: fd00:1234::/64
  ipipMode: Never
  vxlanMode: CrossSubnet
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  ipipMode: Always
  vxlanMode: CrossSubnet
  natOutgoing: true
`,
    source: 'Calico, IPPool CRD (projectcalico.org/v3): validation rules on ipipMode and vxlanMode',
    since: '0.1.0',
  },
  *check({ spec }) {
    const ipip = read(spec, 'ipipMode');
    const vxlan = read(spec, 'vxlanMode');
    if (isEncapsulated(ipip) && isEncapsulated(vxlan)) {
      const advice = 'set ipipMode or vxlanMode to Never';
      for (const [field, mode] of [
        ['ipipMode', ipip],
        ['vxlanMode', vxlan],
      ] as const) {
        yield {
          path: ['spec', field],
          reason: 'FieldValueForbidden',
          problem: 'a pool can have only one encapsulation',
          got: mode,
          advice,
        };
      }
      return;
    }
    if (isEncapsulated(ipip) && parseCidr(readString(spec, 'cidr') ?? '')?.family === 'IPv6') {
      const advice = 'write Never, and set vxlanMode: Always if you need an overlay';
      yield {
        path: ['spec', 'ipipMode'],
        reason: 'FieldValueForbidden',
        problem: 'IP-in-IP does not support IPv6',
        got: ipip,
        advice,
      };
    }
  },
};
