// A packet is wrapped once: into IP-in-IP or into VXLAN, never into both, and IP-in-IP carries IPv4 only. calico-node
// that is to create such a pool itself fails to, and starts over for ever. VXLAN with IPv6 is fine.
import { parseCidr } from '../../formats/cidr.ts';
import { read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { isEncapsulated } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const ippoolEncapsulation: Rule<ObjectInput> = {
  id: 'calico/ippool-encapsulation',
  title: 'a pool has one encapsulation, and one that carries its addresses',
  action: 'deny',
  docs: {
    why: 'Calico wraps packets into IP-in-IP or into VXLAN, and IPv6 only into VXLAN. Its API rejects a pool with both; CRDs up to Calico 3.31 take it, and what then happens is left to chance.',
    fix: 'Set one of `ipipMode` and `vxlanMode` to `Never`; with IPv6 it is `ipipMode`.',
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
          problem: 'a pool takes one encapsulation, not two',
          got: mode,
          advice,
        };
      }
      return;
    }
    if (isEncapsulated(ipip) && parseCidr(readString(spec, 'cidr') ?? '')?.family === 'IPv6') {
      const advice = 'write Never, and vxlanMode Always for an overlay';
      yield {
        path: ['spec', 'ipipMode'],
        reason: 'FieldValueForbidden',
        problem: 'IP-in-IP does not carry IPv6',
        got: ipip,
        advice,
      };
    }
  },
};
