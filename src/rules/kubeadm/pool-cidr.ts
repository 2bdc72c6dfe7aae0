// CALICO_IPV4POOL_CIDR and CALICO_IPV6POOL_CIDR must be a range of that family, or none. With NO_DEFAULT_POOLS neither
// may be set. Host bits are masked, which another rule reports as a warning. With anything else calico-node stops on
// every node before it creates its pool.
import { overlaps, parseCidr, strictCidrProblem } from '../../formats/cidr.ts';
import { parseAtoi } from '../../formats/mtu.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import {
  type CalicoNode,
  type CalicoNodeInput,
  hasNoDefaultPools,
  type Variable,
} from '../../targets/calico-node.ts';
import { adviseCidr } from '../shared/cidr-advice.ts';

const LINK_LOCAL: readonly string[] = ['169.254.0.0/16', 'fe80::/10'];
const USUAL_BLOCK = { IPv4: 26, IPv6: 122 } as const;

export const poolCidr: Rule<CalicoNodeInput> = {
  id: 'kubeadm/pool-cidr',
  title: "the range of calico-node's pool must be valid",
  action: 'deny',
  docs: {
    why: 'calico-node stops at a range that it cannot parse, that has the wrong family, is link-local or smaller than a block, and at a range together with NO_DEFAULT_POOLS: no node becomes ready.',
    fix: 'Write a range of the family, `none` for no pool of this family, or remove the variable: calico-node then uses podSubnet of kubeadm.',
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
              value: "192.168.0.0/33"
`,
    source:
      'projectcalico/calico, node/pkg/lifecycle/startup/startup.go; libcalico-go, its validator of IPPools',
    since: '0.1.0',
  },
  *check({ node }) {
    if (node === undefined) return;
    for (const family of ['IPv4', 'IPv6'] as const) {
      const variable = node.variables.get(`CALICO_${family.toUpperCase()}POOL_CIDR`);
      if (variable?.value) yield* checkRange(node, family, { path: variable.path, value: variable.value });
    }
  },
};

function* checkRange(
  node: CalicoNode,
  family: 'IPv4' | 'IPv6',
  { path, value }: Variable & { readonly value: string },
): Generator<Finding> {
  const name = `CALICO_${family.toUpperCase()}POOL_CIDR`;
  if (hasNoDefaultPools(node)) {
    yield {
      path,
      reason: 'FieldValueForbidden',
      problem: `${name} cannot be combined with NO_DEFAULT_POOLS`,
      got: value,
      advice: 'remove one of the two',
    };
    return;
  }
  if (value === 'none') return;
  const cidr = parseCidr(value);
  if (cidr === undefined) {
    const { problem, advice } = adviseCidr(value, strictCidrProblem(value) ?? { kind: 'unparsable' });
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: `${name} is invalid: ${problem}`,
      got: value,
      advice,
    };
  } else if (cidr.family !== family) {
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: `${name} needs an ${family} range`,
      got: value,
      advice: `use an ${family} range, or the other variable`,
    };
  } else if (LINK_LOCAL.some((range) => overlaps(parseCidr(range) ?? cidr, cidr))) {
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: `${name} must not be link-local`,
      got: value,
      advice: 'choose another range',
    };
  } else {
    const size = node.variables.get(`CALICO_${family.toUpperCase()}POOL_BLOCK_SIZE`)?.value || undefined;
    const block =
      size === undefined ? USUAL_BLOCK[family] : Number(parseAtoi(size) ?? Number.POSITIVE_INFINITY);
    if (cidr.prefix <= block) return;
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: `${name} is smaller than one block, /${block}`,
      got: value,
      advice: 'use a larger range',
    };
  }
}
