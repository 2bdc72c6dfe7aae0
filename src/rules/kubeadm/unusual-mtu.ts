// veth_mtu of ConfigMap calico-config and the MTUs of Felix in the environment of calico-node, if they are numbers: 0
// detects the MTU, 1280 is the minimum for IPv6, 9216 the maximum of most switches. Beyond that, large packets are
// lost while small ones pass.
import { findTightNetwork, LARGEST_MTU, LEAST_MTU, parseAtoi } from '../../formats/mtu.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { isCalicoConfig } from '../../targets/calico-config-map.ts';
import type { CalicoNodeInput } from '../../targets/calico-node.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** MTUs of tunnels in the environment of calico-node, and the bytes of the outer header of each. */
const HEADERS: Readonly<Record<string, number>> = {
  FELIX_IPINIPMTU: 20,
  FELIX_VXLANMTU: 50,
  FELIX_VXLANMTUV6: 70,
  FELIX_WIREGUARDMTU: 60,
  FELIX_WIREGUARDMTUV6: 80,
};

export const unusualMtu: Rule<ObjectInput & Partial<CalicoNodeInput>> = {
  id: 'kubeadm/unusual-mtu',
  title: 'the MTU should be one that the network supports',
  action: 'warn',
  docs: {
    why: 'Below 1280 IPv6 does not work. Above 9216 usual networks drop the packets: large ones are lost while small ones pass, and connections open and then hang.',
    fix: 'Write `"0"` to detect the MTU, or that of the network minus the encapsulation: 20 bytes for IP-in-IP, 50 for VXLAN, 60 for WireGuard.',
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  veth_mtu: "1440"
`,
    bad: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  veth_mtu: "576"
`,
    source: 'RFC 8200 section 5; Calico documentation, MTU',
    since: '0.1.0',
  },
  *check({ object, node }) {
    const veth = isCalicoConfig(object) ? readString(object, 'data', 'veth_mtu') : undefined;
    if (veth !== undefined) yield* checkMtu(['data', 'veth_mtu'], veth, 0);
    for (const [name, bytes] of Object.entries(HEADERS)) {
      const variable = node?.variables.get(name);
      if (variable?.value !== undefined) yield* checkMtu(variable.path, variable.value, bytes);
    }
  },
};

/** @param bytes of the outer header, where it is the MTU of a tunnel */
function* checkMtu(path: FieldPath, text: string, bytes: number): Generator<Finding> {
  const mtu = Number(parseAtoi(text) ?? 0n);
  if (mtu <= 0) return;
  const problem = findProblem(mtu, bytes);
  if (problem === undefined) return;
  yield { path, reason: 'FieldValueInvalid', problem, got: text, advice: 'write "0" to detect it' };
}

function findProblem(mtu: number, bytes: number): string | undefined {
  if (mtu < LEAST_MTU) return 'below 1280, the minimum for IPv6';
  if (mtu > LARGEST_MTU) return 'larger than the MTU of usual networks';
  const network = findTightNetwork(mtu, bytes);
  return network === undefined
    ? undefined
    : `leaves leaves no room for the ${bytes}-byte outer header in an MTU of ${network}`;
}
