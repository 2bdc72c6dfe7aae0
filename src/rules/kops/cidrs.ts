// Pods, Services and the network of the cloud need separate ranges, and kOps rejects obvious mistakes: ranges that
// cannot be parsed; networkCIDR that is missing (AWS, Azure), not allowed (GCE) or not private (DigitalOcean, Linode);
// a nonMasqueradeCIDR that overlaps the network or is an IPv6 range other than ::/0; pods outside it; subnets outside
// the network or inside the pod or Service range.
import {
  type Cidr,
  contains,
  formatCidr,
  overlaps,
  parseCidr,
  strictCidrProblem,
} from '../../formats/cidr.ts';
import { familyBits } from '../../formats/ip.ts';
import { isUnset, read } from '../../policy/json.ts';
import type { Explanation } from '../../policy/message.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { KopsClusterInput, KopsRange } from '../../targets/kops-cluster.ts';
import { adviseSpelling } from '../shared/cidr-advice.ts';
import { findSpelling } from './shared/range-spelling.ts';

/** kOps chooses it only when it creates the cluster. */
const MISSING = 'is missing, and kops replace rejects an update without it';

const WITH_NETWORK_CIDR: readonly unknown[] = ['aws', 'azure'];
/** Clouds whose networks need private addresses, and no range if the network already exists. */
const WITH_PRIVATE_NETWORK: readonly unknown[] = ['do', 'linode'];
/** The private ranges of Go's IP.IsPrivate. */
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'].flatMap(
  (range) => parseCidr(range) ?? [],
);

export const cidrs: Rule<KopsClusterInput> = {
  id: 'kops/cidrs',
  title: 'the ranges of pods, Services and network must fit together',
  action: 'deny',
  docs: {
    why: 'kOps rejects the Cluster. Otherwise pods could not reach addresses that two things have. If `nonMasqueradeCIDR` is missing, or `networkCIDR` without a `networkID`, `kops create -f` chooses one and `kops replace` rejects the Cluster; that is a warning.',
    fix: 'Choose a `nonMasqueradeCIDR` that does not overlap the network, and a `podCIDR` inside it. AWS and Azure need `networkCIDR`, GCE allows none, DigitalOcean and Linode need a private one, or `networkID` instead. An IPv6 cluster has `nonMasqueradeCIDR: "::/0"`.',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  podCIDR: 100.96.0.0/11
  networking:
    calico: {}
`,
    bad: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  podCIDR: 10.244.0.0/16
  networking:
    calico: {}
`,
    source: 'kOps, validateNetworking, validateSubnet and PerformAssignments',
    since: '0.1.0',
  },
  *check(input) {
    const { network, additional, nonMasquerade, pod, service, controllerManager, subnets } = input.ranges;
    for (const range of [network, ...additional, nonMasquerade, service, ...subnets]) {
      yield* checkSpelling(range);
    }
    yield* checkPods(pod);
    yield* checkControllerManager(controllerManager);
    yield* checkNetwork(input);
    yield* checkAdditional(input);
    yield* checkNonMasquerade(input);
    yield* checkServiceSize(input);
    yield* checkInside(pod, nonMasquerade);
    yield* checkInside(controllerManager, nonMasquerade);
    for (const subnet of subnets) {
      yield* checkSubnet(subnet, input);
      yield* checkInsideNetwork(subnet, [network, ...additional]);
    }
  },
};

function isMissing({ value }: KopsRange): boolean {
  return isUnset(value) || value === '';
}

function* checkSpelling(range: KopsRange): Generator<Finding> {
  const { value, path } = range;
  if (isMissing(range) || typeof value !== 'string') return;
  const found = findSpelling(path, value);
  if (found !== undefined) yield found;
}

/** kOps compares such a range with IPv4 ranges by all of its 128 bits. */
function mappedProblem({ value }: KopsRange): Explanation | undefined {
  const spelling = typeof value === 'string' ? strictCidrProblem(value) : undefined;
  return spelling?.kind === 'ipv4-mapped' ? adviseSpelling('the range', spelling) : undefined;
}

function* checkPods(range: KopsRange): Generator<Finding> {
  const mapped = mappedProblem(range);
  if (mapped === undefined) yield* checkSpelling(range);
  else yield { path: range.path, reason: 'FieldValueInvalid', ...mapped, got: range.value };
}

/** kOps accepts host bits here, and so does the controller manager. */
function* checkControllerManager(range: KopsRange): Generator<Finding> {
  for (const finding of checkPods(range)) {
    yield range.cidr !== undefined && mappedProblem(range) === undefined
      ? { ...finding, atMost: 'warn' }
      : finding;
  }
}

function* checkNetwork({
  cloud,
  ranges,
  spec,
  networking,
  networkPath,
}: KopsClusterInput): Generator<Finding> {
  const { network } = ranges;
  const networkId = read(networkPath.length === 1 ? spec : networking, 'networkID');
  if (isMissing(network) && WITH_NETWORK_CIDR.includes(cloud)) {
    const isChosen = isUnset(networkId);
    yield {
      path: network.path,
      reason: 'FieldValueRequired',
      ...(isChosen
        ? {
            problem: `the range of the network ${MISSING}`,
            advice: 'add it, such as 172.20.0.0/16',
            atMost: 'warn',
          }
        : {
            problem: 'the range of the network is missing',
            advice: 'add the range of the network in networkID',
          }),
      got: network.value,
    };
  } else if (!isMissing(network) && cloud === 'gce') {
    yield {
      path: network.path,
      reason: 'FieldValueForbidden',
      problem: 'not allowed on GCE',
      got: network.value,
      advice: 'remove it',
    };
  }
  if (WITH_PRIVATE_NETWORK.includes(cloud) && !isMissing(network)) {
    yield* checkPrivateNetwork(network, networkId);
  }
}

function* checkAdditional({ cloud, ranges, networkPath }: KopsClusterInput): Generator<Finding> {
  const { additional } = ranges;
  if (additional.length > 0 && cloud !== undefined && cloud !== 'aws') {
    const path = [...networkPath, 'additionalNetworkCIDRs'];
    yield {
      path,
      reason: 'FieldValueForbidden',
      problem: 'only allowed on AWS',
      advice: 'remove the ranges',
    };
    return;
  }
  for (const { path, value } of additional.filter((range) => range.value === '')) {
    const advice = 'remove the entry, or write a range';
    yield { path, reason: 'FieldValueInvalid', problem: 'the entry is empty', got: value, advice };
  }
}

function* checkPrivateNetwork({ path, value, cidr }: KopsRange, networkId: unknown): Generator<Finding> {
  if (cidr !== undefined && !PRIVATE_RANGES.some((range) => contains(range, firstAddress(cidr)))) {
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: 'must be a private range on this cloud',
      got: value,
      advice: 'choose a range in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16',
    };
  }
  if (!isUnset(networkId) && networkId !== '') {
    yield {
      path,
      reason: 'FieldValueForbidden',
      problem: 'an existing network already has its range',
      got: value,
      advice: 'remove it, or remove networkID',
    };
  }
}

/** The only length that kOps checks. */
function firstAddress({ family, address }: Cidr): Cidr {
  return { family, address, prefix: familyBits(family) };
}

function* checkNonMasquerade({ cloud, ranges }: KopsClusterInput): Generator<Finding> {
  const { network, additional, nonMasquerade, pod, service } = ranges;
  const { path, value, cidr } = nonMasquerade;
  // GCE does not need it if both of the ranges inside it are set.
  if (isMissing(nonMasquerade) && (cloud !== 'gce' || isMissing(pod) || isMissing(service))) {
    yield {
      path,
      reason: 'FieldValueRequired',
      problem: `the range for pods and services ${MISSING}`,
      got: value,
      advice: 'add it, such as 100.64.0.0/10',
      atMost: 'warn',
    };
  }
  if (typeof value === 'string' && value.includes(':') && value !== '::/0') {
    yield {
      path,
      reason: 'FieldValueForbidden',
      problem: 'IPv6 clusters must have ::/0',
      got: value,
      advice: 'write "::/0"',
    };
  }
  if (cidr?.family === 'IPv4' && cidr.prefix === familyBits('IPv4') && isMissing(pod)) {
    const advice = 'write a larger range, such as 100.64.0.0/10';
    yield {
      path,
      reason: 'FieldValueInvalid',
      problem: 'the range has one address, so pods get none',
      got: value,
      advice,
    };
  }
  for (const other of cloud === 'gce' ? [] : [network, ...additional]) {
    if (cidr === undefined || other.cidr === undefined || !overlaps(cidr, other.cidr)) continue;
    yield {
      path,
      reason: 'FieldValueForbidden',
      problem: `overlaps the network ${formatCidr(other.cidr)}`,
      got: value,
      advice: 'choose a range that does not overlap it',
    };
  }
}

/** The cluster DNS has the tenth address. */
function* checkServiceSize({ ranges: { service }, spec }: KopsClusterInput): Generator<Finding> {
  const { path, value, cidr } = service;
  if (cidr === undefined || !isUnset(read(spec, 'kubeDNS', 'serverIP'))) return;
  const longest = familyBits(cidr.family) - 4;
  if (cidr.prefix <= longest) return;
  const problem = 'no room for the tenth address, which the cluster DNS uses';
  yield { path, reason: 'FieldValueInvalid', problem, got: value, advice: `use /${longest} or shorter` };
}

function* checkInside(range: KopsRange, { cidr: all }: KopsRange): Generator<Finding> {
  const { path, value, cidr } = range;
  if (cidr === undefined || all === undefined || contains(all, cidr)) return;
  if (mappedProblem(range) !== undefined) return;
  yield {
    path,
    reason: 'FieldValueForbidden',
    problem: `outside nonMasqueradeCIDR ${formatCidr(all)}`,
    got: value,
    advice: 'choose a range inside it, or remove it',
  };
}

/** Ranges that cannot be read have a finding of their own. */
function* checkInsideNetwork(
  { path, value, cidr }: KopsRange,
  networks: readonly KopsRange[],
): Generator<Finding> {
  const ranges = networks.filter((range) => !isMissing(range)).map((range) => range.cidr);
  if (cidr === undefined || ranges.length === 0) return;
  if (ranges.some((range) => range === undefined || contains(range, cidr))) return;
  yield {
    path,
    reason: 'FieldValueForbidden',
    problem: 'outside networkCIDR and additionalNetworkCIDRs',
    got: value,
    advice: 'choose a range inside one of them',
  };
}

function* checkSubnet({ path, value, cidr }: KopsRange, input: KopsClusterInput): Generator<Finding> {
  const { isIpv6, ranges } = input;
  const others = [
    { what: 'pod', range: isIpv6 ? ranges.pod.cidr : input.podRange },
    { what: 'Service', range: input.anyServiceRange },
  ];
  for (const { what, range } of others) {
    if (cidr === undefined || range === undefined || !overlaps(cidr, range)) continue;
    yield {
      path,
      reason: 'FieldValueForbidden',
      problem: `overlaps the ${what} range ${formatCidr(range)}`,
      got: value,
      advice: 'choose another range',
    };
  }
}
