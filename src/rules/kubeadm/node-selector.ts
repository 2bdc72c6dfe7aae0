// CALICO_IPV4POOL_NODE_SELECTOR and CALICO_IPV6POOL_NODE_SELECTOR: the nodes that use the pool. They are Calico
// expressions with quoted values, not Kubernetes label selectors. calico-node stops on every node at a selector that
// it cannot parse.
import type { Rule } from '../../policy/types.ts';
import { type CalicoNodeInput, hasNoDefaultPools } from '../../targets/calico-node.ts';
import { checkSelector } from '../shared/selector-advice.ts';

export const nodeSelector: Rule<CalicoNodeInput> = {
  id: 'kubeadm/node-selector',
  title: "the node selector of calico-node's pool must be valid",
  action: 'deny',
  docs: {
    why: 'calico-node stops at a selector that it cannot parse: no node becomes ready.',
    fix: 'Write a Calico selector, such as `region == "east"`, or remove the variable to use all nodes.',
    good: `
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: calico-node
  namespace: kube-system
spec:
  template:
    spec:
      containers:
        - name: calico-node
          image: quay.io/calico/node:v3.30.0
          env:
            - name: CALICO_IPV4POOL_NODE_SELECTOR
              value: "has(region)"
`,
    bad: `
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: calico-node
  namespace: kube-system
spec:
  template:
    spec:
      containers:
        - name: calico-node
          image: quay.io/calico/node:v3.30.0
          env:
            - name: CALICO_IPV4POOL_NODE_SELECTOR
              value: "region = east"
`,
    source: 'projectcalico/calico, node/pkg/lifecycle/startup/startup.go',
    since: '0.1.0',
  },
  *check({ node }) {
    if (node === undefined || hasNoDefaultPools(node)) return;
    for (const family of ['IPV4', 'IPV6']) {
      const variable = node.variables.get(`CALICO_${family}POOL_NODE_SELECTOR`);
      const hasPool = node.variables.get(`CALICO_${family}POOL_CIDR`)?.value !== 'none';
      if (variable !== undefined && hasPool) yield* checkSelector(variable.path, variable.value);
    }
  },
};
