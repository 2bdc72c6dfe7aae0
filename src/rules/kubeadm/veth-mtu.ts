// veth_mtu of ConfigMap calico-config takes the place of a number in JSON: digits and nothing else. A blank, a sign
// or a leading zero makes the CNI configuration unreadable, and no pod on the node starts; a negative number fails
// for every pod. "0" detects the MTU.
import { parseAtoi } from '../../formats/mtu.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { isCalicoConfig } from '../../targets/calico-config-map.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const vethMtu: Rule<ObjectInput> = {
  id: 'kubeadm/veth-mtu',
  title: 'the MTU is a number that a link can have',
  action: 'deny',
  docs: {
    why: 'calico-node writes veth_mtu as it is into the CNI configuration: anything but a number makes it unreadable, and no pod on the node starts. A negative one fails for every pod.',
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
