// This rule reports a number instead of __CNI_MTU__ in cni_network_config that differs from the number in veth_mtu.
// Pods get the number in the template; veth_mtu then only applies to the tunnels.
import { parseAtoi } from '../../formats/mtu.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { CNI_PATH, isCalicoConfig, readCniConfig } from '../../targets/calico-config-map.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const cniMtu: Rule<ObjectInput> = {
  id: 'kubeadm/cni-mtu',
  title: 'the CNI configuration should take its MTU from veth_mtu',
  action: 'warn',
  docs: {
    why: 'Pods get the MTU of the CNI configuration, whatever `veth_mtu` says. If it is larger than the tunnels allow, large packets are lost while small ones pass: connections open and then hang.',
    fix: 'Write `"mtu": __CNI_MTU__`, which calico-node replaces with `veth_mtu`.',
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  veth_mtu: "1450"
  cni_network_config: |-
    {"name": "k8s-pod-network", "plugins": [{"type": "calico", "mtu": __CNI_MTU__}]}
`,
    bad: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  veth_mtu: "1450"
  cni_network_config: |-
    {"name": "k8s-pod-network", "plugins": [{"type": "calico", "mtu": 1500}]}
`,
    source: 'easzlab/kubeasz#1444; Calico, manifests/calico.yaml',
    since: '0.1.0',
  },
  *check({ object }) {
    if (!isCalicoConfig(object)) return;
    const veth = parseAtoi(readString(object, 'data', 'veth_mtu') ?? '');
    const mtu = readCniConfig(object)?.mtu;
    // With "0" every MTU is detected, and a template for policies only has a number without any tunnel.
    if (veth === undefined || veth <= 0n || mtu === undefined || BigInt(Math.trunc(mtu)) === veth) return;
    yield {
      path: CNI_PATH,
      at: 'key',
      reason: 'FieldValueInvalid',
      problem: `pods get the mtu ${mtu} from this text, and not ${veth} from veth_mtu`,
      advice: 'write "mtu": __CNI_MTU__',
    };
  },
};
