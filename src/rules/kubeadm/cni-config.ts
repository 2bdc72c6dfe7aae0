// cni_network_config of ConfigMap calico-config: JSON in which calico-node replaces words such as __CNI_MTU__. Nothing
// validates it before the container runtime parses it on every node.
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { CNI_PATH, isCalicoConfig, parseCniConfig } from '../../targets/calico-config-map.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const cniConfig: Rule<ObjectInput> = {
  id: 'kubeadm/cni-config',
  title: 'the CNI configuration must be JSON',
  action: 'deny',
  docs: {
    why: 'calico-node writes the text to each node. The container runtime cannot parse a text that is not JSON: nodes stay NotReady, and no pod starts.',
    fix: 'Correct the JSON. calico-node replaces words in double underscores, such as `__CNI_MTU__`.',
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
      problem: 'not JSON, so no pod starts',
      advice: 'correct the commas, quotes and brackets',
    };
  },
};
