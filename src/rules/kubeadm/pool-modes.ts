// CALICO_IPV4POOL_IPIP, CALICO_IPV4POOL_VXLAN and CALICO_IPV6POOL_VXLAN: empty, off, never, crosssubnet, cross-subnet
// or always, in any case. They apply only when calico-node creates its first pool. calico-node stops at any other
// word, and at IP-in-IP together with VXLAN.
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
  title: "the modes of calico-node's pool must be supported and fit together",
  action: 'deny',
  docs: {
    why: 'calico-node stops at an unknown mode. With IP-in-IP and VXLAN both on it cannot create its pool, and also stops: no node becomes ready.',
    fix: 'Write `Always`, `CrossSubnet` or `Never`, in any case, and set at most one of the two to a value other than `Never`.',
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
      problem: 'a pool cannot have both IP-in-IP and VXLAN',
      got: vxlan.value,
      advice: 'set one of them to Never',
    };
  },
};

/** A family with the range none gets no pool. */
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
    problem: `calico-node does not support this ${name}, and stops`,
    got: variable.value,
    advice,
  };
}
