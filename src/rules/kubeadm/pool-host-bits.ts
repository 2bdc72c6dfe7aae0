// CALICO_IPV4POOL_CIDR and CALICO_IPV6POOL_CIDR with bits set beyond the prefix: 192.167.0.0/12 is 192.160.0.0/12. The
// range of the pods is then not the one in the manifest, and may be that of the nodes (projectcalico/node#193). The
// masked form is always fine.
import { strictCidrProblem } from '../../formats/cidr.ts';
import type { Rule } from '../../policy/types.ts';
import type { CalicoNodeInput } from '../../targets/calico-node.ts';

export const poolHostBits: Rule<CalicoNodeInput> = {
  id: 'kubeadm/pool-host-bits',
  title: "the range of calico-node's pool should begin with its first address",
  action: 'warn',
  docs: {
    why: 'calico-node clears the bits beyond the prefix: pods get addresses of another range than the one in the manifest, which may be that of the nodes.',
    fix: 'Write the first address of the range that you want.',
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
              value: "192.167.0.0/12"
`,
    source: 'projectcalico/calico, node/pkg/lifecycle/startup/startup.go; projectcalico/node#193',
    since: '0.1.0',
  },
  *check({ node }) {
    const variables = node?.variables;
    for (const name of ['CALICO_IPV4POOL_CIDR', 'CALICO_IPV6POOL_CIDR']) {
      const variable = variables?.get(name);
      if (variable?.value === undefined) continue;
      const problem = strictCidrProblem(variable.value);
      if (problem?.kind !== 'host-bits' || problem.canonical === undefined) continue;
      yield {
        path: variable.path,
        reason: 'FieldValueInvalid',
        problem: `${name} becomes ${problem.canonical}`,
        got: variable.value,
        advice: `write ${problem.canonical}`,
      };
    }
  },
};
