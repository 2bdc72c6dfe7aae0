// CALICO_IPV4POOL_NODE_SELECTOR and CALICO_IPV6POOL_NODE_SELECTOR: nodes that take addresses from the pool. They are
// expressions of Calico with quoted values, not label selectors of Kubernetes. calico-node stops at what it cannot
// read, on every node.
import type { Rule } from '../../policy/types.ts';
import { type CalicoNodeInput, hasNoDefaultPools } from '../../targets/calico-node.ts';
import { checkSelector } from '../shared/selector-advice.ts';

export const nodeSelector: Rule<CalicoNodeInput> = {
  id: 'kubeadm/node-selector',
  title: "the node selector of calico-node's pool can be read",
  action: 'deny',
  docs: {
    why: 'calico-node stops at a selector that it cannot read: no node becomes ready.',
    fix: 'Write a selector of Calico, such as `region == "east"`, or remove the variable for all nodes.',
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
