// veth_mtu of ConfigMap calico-config, where it is a number: 0 detects, 1280 is the least that IPv6 takes, 9216 the
// largest that switches carry. Beyond that, large packets vanish while small ones pass.
import { LARGEST_MTU, LEAST_MTU, parseAtoi } from '../../formats/mtu.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { isCalicoConfig } from '../../targets/calico-config-map.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const unusualMtu: Rule<ObjectInput> = {
  id: 'kubeadm/unusual-mtu',
  title: 'the MTU is one that networks carry',
  action: 'warn',
  docs: {
    why: 'Below 1280 IPv6 does not work; above 9216 no usual network carries the packets: large ones vanish while small ones pass, and connections open and then hang.',
    fix: 'Write `"0"` to detect the MTU, or that of the network less the encapsulation: 20 bytes for IP-in-IP, 50 for VXLAN, 60 for WireGuard.',
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
  *check({ object }) {
    const text = isCalicoConfig(object) ? readString(object, 'data', 'veth_mtu') : undefined;
    const mtu = parseAtoi(text ?? '');
    if (text === undefined || mtu === undefined || mtu <= 0n || (mtu >= LEAST_MTU && mtu <= LARGEST_MTU))
      return;
    const problem = mtu < LEAST_MTU ? 'below 1280, the least that IPv6 takes' : 'more than networks carry';
    yield {
      path: ['data', 'veth_mtu'],
      reason: 'FieldValueInvalid',
      problem,
      got: text,
      advice: 'write "0" to detect it',
    };
  },
};
