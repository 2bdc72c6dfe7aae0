// cni_network_config of ConfigMap calico-config: JSON, in which calico-node fills in words such as __CNI_MTU__. Nobody
// looks at it before the container runtime does, on every node.
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { CNI_PATH, isCalicoConfig, parseCniConfig } from '../../targets/calico-config-map.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const cniConfig: Rule<ObjectInput> = {
  id: 'kubeadm/cni-config',
  title: 'the CNI configuration is JSON',
  action: 'deny',
  docs: {
    why: 'calico-node writes the text to each node as it is. What is no JSON the container runtime does not read: nodes stay NotReady, and no pod starts.',
    fix: 'Correct the JSON. Words in double underscores, such as `__CNI_MTU__`, are filled in by calico-node.',
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  cni_network_config: |-
    {
      "name": "k8s-pod-network",
      "cniVersion": "0.3.1",
      "plugins": [
        {"type": "calico", "mtu": __CNI_MTU__, "ipam": {"type": "calico-ipam"}}
      ]
    }
`,
    bad: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  cni_network_config: |-
    {
      "name": "k8s-pod-network",
      "cniVersion": "0.3.1",
      "plugins": [
        {"type": "calico", "mtu": __CNI_MTU__, "ipam": {"type": "calico-ipam"},}
      ]
    }
`,
    source: 'Calico, manifests/calico.yaml (cni_network_config); cni-plugin/pkg/install',
    since: '0.1.0',
  },
  *check({ object }) {
    const text = isCalicoConfig(object) ? readString(object, ...CNI_PATH) : undefined;
    if (text === undefined || parseCniConfig(text) !== undefined) return;
    yield {
      path: CNI_PATH,
      at: 'key',
      reason: 'FieldValueInvalid',
      problem: 'not JSON, so that no pod starts',
      advice: 'correct it: commas, quotes and brackets',
    };
  },
};
