// CALICO_IPV4POOL_BLOCK_SIZE and CALICO_IPV6POOL_BLOCK_SIZE: the prefix length of the block that a node gets at a time.
// The range is 20 to 32 for IPv4 and 116 to 128 for IPv6, written as digits. With anything else calico-node stops on
// every node before it creates its pool; nothing is checked if it creates none.
import { parseAtoi } from '../../formats/mtu.ts';
import type { Rule } from '../../policy/types.ts';
import { type CalicoNodeInput, hasNoDefaultPools } from '../../targets/calico-node.ts';

const SIZES = [
  { family: 'IPV4', least: 20n, most: 32n },
  { family: 'IPV6', least: 116n, most: 128n },
] as const;

export const blockSize: Rule<CalicoNodeInput> = {
  id: 'kubeadm/block-size',
  title: "the block size of calico-node's pool must be one that Calico supports",
  action: 'deny',
  docs: {
    why: 'calico-node stops at any other block size: no node becomes ready.',
    fix: 'Write 20 to 32 for IPv4, 116 to 128 for IPv6, or remove the variable to use 26 and 122.',
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
            - name: CALICO_IPV4POOL_BLOCK_SIZE
              value: "28"
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
            - name: CALICO_IPV4POOL_BLOCK_SIZE
              value: "33"
`,
    source: 'projectcalico/calico, node/pkg/lifecycle/startup/startup.go',
    since: '0.1.0',
  },
  *check({ node }) {
    if (node === undefined || hasNoDefaultPools(node)) return;
    for (const { family, least, most } of SIZES) {
      const variable = node.variables.get(`CALICO_${family}POOL_BLOCK_SIZE`);
      const hasPool = node.variables.get(`CALICO_${family}POOL_CIDR`)?.value !== 'none';
      if (!variable?.value || !hasPool) continue;
      const size = parseAtoi(variable.value);
      if (size !== undefined && size >= least && size <= most) continue;
      yield {
        path: variable.path,
        reason: 'FieldValueInvalid',
        problem: `CALICO_${family}POOL_BLOCK_SIZE must be ${least} to ${most}`,
        got: variable.value,
        advice: 'write a number in this range, or remove the variable',
      };
    }
  },
};
