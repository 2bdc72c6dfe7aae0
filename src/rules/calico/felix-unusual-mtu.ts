// An MTU below 1280 breaks IPv6 and fragments everything else. Above 9216 usual networks drop the packets: large ones
// are lost while small ones pass. No CRD has a bound; 0 detects the MTU.
import { findTightNetwork, LARGEST_MTU, LEAST_MTU } from '../../formats/mtu.ts';
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** Bytes of the outer header, by the field. */
const FIELDS: Readonly<Record<string, number>> = {
  ipipMTU: 20,
  vxlanMTU: 50,
  vxlanMTUV6: 70,
  wireguardMTU: 60,
  wireguardMTUV6: 80,
};
/** Above this, calico/felix-number reports the number. */
const IMPOSSIBLE = 65_535;

export const felixUnusualMtu: Rule<ObjectInput> = {
  id: 'calico/felix-unusual-mtu',
  title: 'the MTUs of a FelixConfiguration should be ones that networks support',
  action: 'warn',
  docs: {
    why: 'Below 1280 IPv6 does not work. Above 9216 usual networks drop the packets: connections open and then hang.',
    fix: 'Remove the field to detect the MTU, or write that of the network minus the encapsulation: 20 bytes for IP-in-IP, 50 for VXLAN (70 with IPv6), 60 for WireGuard (80 with IPv6).',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  vxlanMTU: 1450
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  vxlanMTU: 145
`,
    source: 'RFC 8200 section 5; Calico, documentation of the MTU',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const [field, bytes] of Object.entries(FIELDS)) {
      const mtu = read(spec, field);
      if (typeof mtu !== 'number' || mtu <= 0 || mtu > IMPOSSIBLE) continue;
      const problem = findProblem(mtu, bytes);
      if (problem === undefined) continue;
      yield {
        path: ['spec', field],
        reason: 'FieldValueInvalid',
        problem,
        got: mtu,
        advice: 'write the MTU of the network minus the encapsulation, or 0 to detect it',
      };
    }
  },
};

function findProblem(mtu: number, bytes: number): string | undefined {
  if (mtu < LEAST_MTU) return 'below 1280, the minimum for IPv6';
  if (mtu > LARGEST_MTU) return 'larger than the MTU of usual networks';
  const network = findTightNetwork(mtu, bytes);
  return network === undefined
    ? undefined
    : `leaves no room for the ${bytes}-byte outer header in an MTU of ${network}`;
}
