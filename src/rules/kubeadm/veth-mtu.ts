// veth_mtu of ConfigMap calico-config replaces a number in JSON: only digits are allowed. With a space, a sign or a
// leading zero the CNI configuration cannot be parsed, and no pod on the node starts; with a negative number every pod
// fails. "0" detects the MTU.
import { parseAtoi } from '../../formats/mtu.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { isCalicoConfig } from '../../targets/calico-config-map.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const vethMtu: Rule<ObjectInput> = {
  id: 'kubeadm/veth-mtu',
  title: 'the MTU must be a number that an interface can have',
  action: 'deny',
  docs: {
    why: 'calico-node copies veth_mtu into the CNI configuration: with anything but a number it cannot be parsed, and no pod on the node starts. With a negative number every pod fails.',
    fix: 'Write `"0"` to detect the MTU, or that of the network minus the encapsulation, in quotes.',
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
  veth_mtu: "1440 "
`,
    source:
      'Calico, manifests/calico.yaml (cni_network_config: "mtu": __CNI_MTU__); proposed by us for negative numbers',
    since: '0.1.0',
  },
  *check({ object }) {
    const text = isCalicoConfig(object) ? readString(object, 'data', 'veth_mtu') : undefined;
    if (text === undefined || (/^(0|[1-9][0-9]*)$/.test(text) && (parseAtoi(text) ?? -1n) >= 0n)) return;
    yield {
      path: ['data', 'veth_mtu'],
      reason: 'FieldValueInvalid',
      problem: 'invalid MTU',
      got: text,
      advice: 'write "0" to detect it, or a number such as "1440"',
    };
  },
};
