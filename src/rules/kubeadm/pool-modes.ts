// CALICO_IPV4POOL_IPIP, CALICO_IPV4POOL_VXLAN and CALICO_IPV6POOL_VXLAN: nothing, off, never, crosssubnet, cross-
// subnet or always, in any case. They count when calico-node makes its first pool, and only then. calico-node stops
// at any other word, and at IP-in-IP together with VXLAN.
import type { Finding, Rule } from '../../policy/types.ts';
import {
  type CalicoNode,
  type CalicoNodeInput,
  hasNoDefaultPools,
  isModeOn,
} from '../../targets/calico-node.ts';
import { adviseWord } from '../shared/allowed-value.ts';

const WORDS: readonly string[] = ['', 'off', 'never', 'crosssubnet', 'cross-subnet', 'always'];

export const poolModes: Rule<CalicoNodeInput> = {
  id: 'kubeadm/pool-modes',
  title: "the modes of calico-node's pool are known and fit together",
  action: 'deny',
  docs: {
    why: 'calico-node stops at a mode that it does not know. With IP-in-IP and VXLAN both on it cannot make its pool, and stops as well: no node becomes ready.',
    fix: 'Write `Always`, `CrossSubnet` or `Never`, in any case, and at most one of the two other than `Never`.',
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
            - name: CALICO_IPV4POOL_IPIP
              value: "Never"
            - name: CALICO_IPV4POOL_VXLAN
              value: "CrossSubnet"
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
            - name: CALICO_IPV4POOL_IPIP
              value: "Always"
            - name: CALICO_IPV4POOL_VXLAN
              value: "CrossSubnet"
`,
    source: 'projectcalico/calico, node/pkg/lifecycle/startup/startup.go',
    since: '0.1.0',
  },
  *check({ node }) {
    if (node === undefined || hasNoDefaultPools(node)) return;
    for (const name of modesOf(node)) yield* checkMode(node, name);
    const [ipip, vxlan] = ['CALICO_IPV4POOL_IPIP', 'CALICO_IPV4POOL_VXLAN'].map((name) =>
      node.variables.get(name),
    );
    if (!modesOf(node).includes('CALICO_IPV4POOL_IPIP')) return;
    if (!isModeOn(ipip?.value ?? '') || vxlan?.value === undefined || !isModeOn(vxlan.value)) return;
    yield {
      path: vxlan.path,
      reason: 'FieldValueForbidden',
      problem: 'a pool has IP-in-IP or VXLAN, not both',
      got: vxlan.value,
      advice: 'switch one of them to Never',
    };
  },
};

/** A family whose range is none gets no pool. */
function modesOf({ variables }: CalicoNode): string[] {
  return [
    ...(variables.get('CALICO_IPV4POOL_CIDR')?.value === 'none'
      ? []
      : ['CALICO_IPV4POOL_IPIP', 'CALICO_IPV4POOL_VXLAN']),
    ...(variables.get('CALICO_IPV6POOL_CIDR')?.value === 'none' ? [] : ['CALICO_IPV6POOL_VXLAN']),
  ];
}

function* checkMode({ variables }: CalicoNode, name: string): Generator<Finding> {
  const variable = variables.get(name);
  if (variable?.value === undefined || WORDS.includes(variable.value.toLowerCase())) return;
  const advice = adviseWord(variable.value, ['Always', 'CrossSubnet', 'Never']);
  yield {
    path: variable.path,
    reason: 'FieldValueNotSupported',
    problem: `calico-node stops at this ${name}`,
    got: variable.value,
    advice,
  };
}
