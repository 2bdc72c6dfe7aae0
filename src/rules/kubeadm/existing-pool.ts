// calico-node reads these variables only once: when there is no pool of the family yet. A later change has no effect,
// and the manifest then differs from the cluster.
import type { Rule } from '../../policy/types.ts';
import { type CalicoNodeInput, readCalicoNode } from '../../targets/calico-node.ts';

const READ_ONCE =
  /^CALICO_IPV[46]POOL_(CIDR|IPIP|VXLAN|BLOCK_SIZE|NAT_OUTGOING|NODE_SELECTOR|DISABLE_BGP_EXPORT)$/;

export const existingPool: Rule<CalicoNodeInput> = {
  id: 'kubeadm/existing-pool',
  title: 'the pool of calico-node should be changed in the IPPool',
  action: 'warn',
  docs: {
    why: 'calico-node reads the variables of its pool only while there is no pool. In a running cluster a change of them has no effect.',
    fix: 'Change the IPPool (`kubectl edit ippools`), or, for another range or block size, create a second pool and move the pods. Then change the variable too.',
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
          image: quay.io/calico/node:v3.30.1
          env:
            - name: CALICO_IPV4POOL_CIDR
              value: "10.244.0.0/16"
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
            - name: CALICO_IPV4POOL_CIDR
              value: "10.245.0.0/16"
`,
    old: `
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
            - name: CALICO_IPV4POOL_CIDR
              value: "10.244.0.0/16"
`,
    source: 'projectcalico/calico#962; node/pkg/lifecycle/startup/startup.go (configureIPPools)',
    since: '0.1.0',
  },
  *check({ node, old }) {
    const before = old && readCalicoNode(old.object);
    if (node === undefined || before === undefined) return;
    for (const [name, { path, value }] of node.variables) {
      const was = before.variables.get(name);
      if (!READ_ONCE.test(name) || value === undefined || was?.value === value) continue;
      // A value from another source may be the same.
      if (was !== undefined && was.value === undefined) continue;
      yield {
        path,
        reason: 'FieldValueForbidden',
        problem: `${name} is read only while there is no pool`,
        got: value,
        advice: 'change the IPPool',
      };
    }
  },
};
