// The smallest subnets that kubeadm accepts. kube-controller-manager divides podSubnet into a range for each node, by
// default with a prefix of 24 or 64 bits, and at most 65,536 of them.
import { type Cidr, formatCidr, parseCidr, strictCidrProblem } from '../../formats/cidr.ts';
import { familyBits, type IpFamily } from '../../formats/ip.ts';
import { splitSubnets } from '../../formats/subnets.ts';
import { isBelow, parseVersion } from '../../formats/version.ts';
import { isMap, type JsonObject, read, readList, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { adviseSpelling } from '../shared/cidr-advice.ts';

const LEAST_ADDRESSES = { podSubnet: 14, serviceSubnet: 10 } as const;
const NODE_PREFIX: Readonly<Record<IpFamily, { readonly flag: string; readonly byDefault: number }>> = {
  IPv4: { flag: 'node-cidr-mask-size-ipv4', byDefault: 24 },
  IPv6: { flag: 'node-cidr-mask-size-ipv6', byDefault: 64 },
};
const MOST_NODE_BITS = 16;
/** From this release at the latest kubeadm reads only the flags of the families. */
const FLAG_OF_FAMILY_MINOR = 34;
/** kube-controller-manager has a few dozen flags. */
const MAX_FLAGS = 200;

type Explanation = Pick<Finding, 'problem' | 'advice' | 'atMost'>;

export const subnetSize: Rule<ObjectInput> = {
  id: 'kubeadm/subnet-size',
  title: 'podSubnet and serviceSubnet must have room for nodes and Services',
  action: 'deny',
  docs: {
    why: 'kubeadm rejects a serviceSubnet of fewer than 10 addresses, and a podSubnet that is smaller than the range of one node: /24, or /64 with IPv6, unless `node-cidr-mask-size-ipv4` and `node-cidr-mask-size-ipv6` of kube-controller-manager are set. It also rejects a podSubnet with more than 65,536 such ranges; that is a warning, because no other component rejects it. It also rejects a flag that is not a whole number. Before Kubernetes 1.20 kubeadm chose the range of a node from podSubnet with IPv6.',
    fix: 'Write a podSubnet from /8 to /24, or from /48 to /64 with IPv6, or another `node-cidr-mask-size-ipv4` or `node-cidr-mask-size-ipv6` for kube-controller-manager; a serviceSubnet of at least /28, or /124 with IPv6.',
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
      'kubeadm 1.36, app/apis/kubeadm/validation: ValidateIPNetFromString and ValidatePodSubnetNodeMask; kubernetes/kubernetes#95723',
    since: '0.1.0',
  },
  *check({ object }) {
    const flags = readFlags(object);
    const version = parseVersion(readString(object, 'kubernetesVersion') ?? '');
    const isOld = version !== undefined && isBelow(version, 1, 20);
    const isNew = version !== undefined && !isBelow(version, 1, FLAG_OF_FAMILY_MINOR);
    // Before 1.20 kubeadm chose the range of a node of IPv6 by podSubnet.
    const isForNodes = (field: string, { family }: Cidr) =>
      field === 'podSubnet' && !(isOld && family === 'IPv6');
    for (const field of ['podSubnet', 'serviceSubnet'] as const) {
      const got = readString(object, 'networking', field) ?? '';
      for (const text of splitSubnets(got)) {
        const range = parseCidr(text);
        const explanation =
          range &&
          ((isForNodes(field, range) ? describeForNodes(text, range, flags, isNew) : undefined) ??
            describeSize(range, LEAST_ADDRESSES[field]));
        if (explanation !== undefined) {
          yield { path: ['networking', field], reason: 'FieldValueInvalid', ...explanation, got };
        }
      }
    }
  },
};

function describeForNodes(
  text: string,
  range: Cidr,
  flags: ReadonlyMap<string, unknown>,
  isNew: boolean,
): Explanation | undefined {
  const node = nodePrefix(range.family, flags, isNew);
  if (node === undefined) return undefined;
  if (Number.isNaN(node)) {
    const { flag, byDefault } = NODE_PREFIX[range.family];
    const problem = `${flag} of kube-controller-manager is not a whole number`;
    return { problem, advice: `remove the flag, or write a number such as ${byDefault}` };
  }
  // kubeadm counts all 128 bits of it, and compares them with those of an IPv4 node.
  const spelling = strictCidrProblem(text);
  if (spelling?.kind === 'ipv4-mapped') return adviseSpelling('the range', spelling);
  const widest = Math.max(node - MOST_NODE_BITS, 0);
  const advice = `use /${widest} to /${node}`;
  const named = formatCidr(range);
  if (range.prefix > node) {
    return { problem: `${named} is smaller than the range of a node, a /${node}`, advice };
  }
  if (range.prefix >= widest) return undefined;
  return { problem: `${named} holds more than 65536 ranges of nodes`, advice, atMost: 'warn' };
}

function describeSize(range: Cidr, least: number): Explanation | undefined {
  const bits = familyBits(range.family);
  if (2 ** (bits - range.prefix) >= least) return undefined;
  return {
    problem: `${formatCidr(range)} has fewer than ${least} addresses`,
    advice: `use /${bits - 4} or shorter`,
  };
}

/**
 * Undefined if podSubnet is not divided into ranges for nodes, or if their size is unknown. NaN if the flag is not a
 * number.
 */
function nodePrefix(
  family: IpFamily,
  flags: ReadonlyMap<string, unknown>,
  isNew: boolean,
): number | undefined {
  if (textOf(flags.get('allocate-node-cidrs')) === 'false') return undefined;
  const { flag, byDefault } = NODE_PREFIX[family];
  const written = textOf(flags.get(flag));
  if (written !== '') return /^[+-]?[0-9]+$/.test(written) ? Number(written) : Number.NaN;
  // Old releases read the flag for both families.
  return flags.has('node-cidr-mask-size') && !isNew ? undefined : byDefault;
}

/** A map has no text: one with a key `toString` cannot be turned into a string. */
function textOf(value: unknown): string {
  return typeof value === 'object' ? '' : String(value ?? '');
}

/** Flags of kube-controller-manager: a map in v1beta3, a list in v1beta4, of which the last one counts. */
function readFlags(object: JsonObject): ReadonlyMap<string, unknown> {
  const args = read(object, 'controllerManager', 'extraArgs');
  if (isMap(args)) return new Map(Object.entries(args));
  const listed = readList(object, 'controllerManager', 'extraArgs').slice(0, MAX_FLAGS);
  return new Map(listed.map((entry) => [readString(entry, 'name') ?? '', read(entry, 'value')]));
}
