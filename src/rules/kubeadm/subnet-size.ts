// The smallest subnets that kubeadm takes. kube-controller-manager cuts podSubnet into a range for each node, with 24 or
// 64 bits of prefix where nothing else is written, and at most 65,536 of them.
import { type Cidr, formatCidr } from '../../formats/cidr.ts';
import { familyBits, type IpFamily } from '../../formats/ip.ts';
import { parseSubnets } from '../../formats/subnets.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { isMap, type JsonObject, read, readList, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const LEAST_ADDRESSES = { podSubnet: 14, serviceSubnet: 10 } as const;
const NODE_PREFIX: Readonly<Record<IpFamily, number>> = { IPv4: 24, IPv6: 64 };
const MOST_NODE_BITS = 16;
/** There are a few dozen flags. */
const MAX_FLAGS = 200;

export const subnetSize: Rule<ObjectInput> = {
  id: 'kubeadm/subnet-size',
  title: 'podSubnet and serviceSubnet have room for nodes and Services',
  action: 'deny',
  docs: {
    why: 'kubeadm refuses a serviceSubnet of fewer than 10 addresses, and a podSubnet that is smaller than the range of one node (/24, and /64 with IPv6) or holds more than 65,536 of them.',
    fix: 'Write a podSubnet from /8 to /24, or from /48 to /64 with IPv6, or another `node-cidr-mask-size` for kube-controller-manager; a serviceSubnet of at least /28, or /124 with IPv6.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
  serviceSubnet: 10.96.0.0/16
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/25
  serviceSubnet: 10.96.0.0/29
`,
    source:
      'kubeadm 1.36, app/apis/kubeadm/validation: ValidateIPNetFromString and ValidatePodSubnetNodeMask',
    since: '0.1.0',
  },
  *check({ object }) {
    for (const field of ['podSubnet', 'serviceSubnet'] as const) {
      const got = readString(object, 'networking', field) ?? '';
      for (const range of parseSubnets(got)) {
        const said = findSize(field, range, object);
        if (said !== undefined) yield { path: pathOf(field), reason: 'FieldValueInvalid', ...said, got };
      }
    }
  },
};

function pathOf(field: string): FieldPath {
  return ['networking', field];
}

function findSize(
  field: keyof typeof LEAST_ADDRESSES,
  range: Cidr,
  object: JsonObject,
): Pick<Finding, 'problem' | 'advice'> | undefined {
  const bits = familyBits(range.family);
  if (field === 'podSubnet' && cutsForNodes(object)) {
    const node = NODE_PREFIX[range.family];
    const widest = node - MOST_NODE_BITS;
    if (range.prefix > node) {
      return {
        problem: `${formatCidr(range)} is smaller than the range of a node, a /${node}`,
        advice: `use /${widest} to /${node}`,
      };
    }
    if (range.prefix < widest) {
      return {
        problem: `${formatCidr(range)} holds more than 65536 ranges of nodes`,
        advice: `use /${widest} to /${node}`,
      };
    }
  }
  const least = LEAST_ADDRESSES[field];
  if (2 ** (bits - range.prefix) >= least) return undefined;
  return {
    problem: `${formatCidr(range)} has fewer than ${least} addresses`,
    advice: `use /${bits - 4} or shorter`,
  };
}

/** Not where a flag says something of it: what kubeadm makes of the flags depends on its release. */
function cutsForNodes(object: JsonObject): boolean {
  const args = read(object, 'controllerManager', 'extraArgs');
  const names = isMap(args)
    ? Object.keys(args)
    : readList(object, 'controllerManager', 'extraArgs')
        .slice(0, MAX_FLAGS)
        .map((entry) => read(entry, 'name'));
  return !names.some(
    (name) => typeof name === 'string' && /^(?:allocate-node-cidrs|node-cidr-mask-size)/.test(name),
  );
}
