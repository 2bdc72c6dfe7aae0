// Addresses that must fit the ranges of the Cluster: the address of the DNS server, the range of Services of the API
// server, the IPv6 ranges of subnets, and the ranges that kube-proxy excludes.
import { contains, formatCidr, overlaps, parseCidr } from '../../formats/cidr.ts';
import { familyBits, parseIp } from '../../formats/ip.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { readList, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { checkCidr } from '../shared/cidr-advice.ts';
import { findSpelling } from './shared/range-spelling.ts';

/** The subnet of this number, in hexadecimal, of the network's IPv6 range: `/64#a`. */
const NUMBERED = /^\/([0-9]{1,3})#[a-f0-9]{1,15}$/;

export const clusterAddresses: Rule<KopsClusterInput> = {
  id: 'kops/cluster-addresses',
  title: 'addresses of a Cluster must fit its ranges',
  action: 'deny',
  docs: {
    why: 'kOps rejects the Cluster. The address of the DNS server must be in the range of Services, and `kubeAPIServer.serviceClusterIPRange` must be the same as `serviceClusterIPRange`. Subnets have IPv6 ranges on AWS only, and the ranges that kube-proxy excludes must be valid.',
    fix: 'Remove `kubeDNS.serverIP` and `kubeAPIServer.serviceClusterIPRange`: kOps sets both. Write `ipv6CIDR` as a range or as `/64#0`, the first /64 of the network.',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  kubeDNS:
    serverIP: 100.64.0.10
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
  kubeDNS:
    serverIP: 10.96.0.10
  networking:
    calico: {}
`,
    source: 'kOps, ValidateCluster, validateKubeAPIServer, validateKubeProxy and validateIPv6CIDR',
    since: '0.1.0',
  },
  *check(input) {
    const { spec, ranges, networkPath, cloud, object, version } = input;
    yield* checkDns(input);
    yield* checkApiServer(readString(spec, 'kubeAPIServer', 'serviceClusterIPRange'), ranges.service.value);
    const excluded = version === 'v1alpha2' ? 'ipvsExcludeCidrs' : 'ipvsExcludeCIDRs';
    for (const [index, value] of readList(spec, 'kubeProxy', excluded).entries()) {
      yield* checkCidr(['spec', 'kubeProxy', excluded, index], value);
    }
    for (const [index, subnet] of readList(object, ...networkPath, 'subnets').entries()) {
      const value = readString(subnet, 'ipv6CIDR') ?? '';
      const path = [...networkPath, 'subnets', index, 'ipv6CIDR'];
      if (value === '') continue;
      if (cloud === undefined || cloud === 'aws') {
        yield* checkIpv6Range(path, value, input);
        continue;
      }
      const problem = 'only allowed on AWS';
      yield { path, reason: 'FieldValueForbidden', problem, got: value, advice: 'remove it' };
    }
  },
};

function* checkDns({ spec, anyServiceRange: services }: KopsClusterInput): Generator<Finding> {
  const value = readString(spec, 'kubeDNS', 'serverIP') ?? '';
  if (value === '') return;
  const path = ['spec', 'kubeDNS', 'serverIP'];
  const ip = parseIp(value);
  if (ip === undefined || ip.leadingZeros) {
    const advice = 'write an address in the range of Services, or remove it';
    yield { path, reason: 'FieldValueInvalid', problem: 'not an IP address', got: value, advice };
    return;
  }
  const address = parseCidr(`${value}/${familyBits(ip.family)}`);
  if (services === undefined || address === undefined || contains(services, address)) return;
  const problem = `not in the range of Services, ${formatCidr(services)}`;
  const advice = 'remove it; kOps then chooses an address';
  yield { path, reason: 'FieldValueForbidden', problem, got: value, advice };
}

function* checkApiServer(value: string | undefined, services: unknown): Generator<Finding> {
  if (value === undefined || value === '' || value === services) return;
  yield {
    path: ['spec', 'kubeAPIServer', 'serviceClusterIPRange'],
    reason: 'FieldValueForbidden',
    problem: 'different from spec.serviceClusterIPRange',
    got: value,
    advice: 'remove it here, and write spec.serviceClusterIPRange',
  };
}

function* checkIpv6Range(
  path: FieldPath,
  value: string,
  { anyServiceRange }: KopsClusterInput,
): Generator<Finding> {
  if (value.startsWith('/')) {
    const size = NUMBERED.exec(value)?.[1];
    if (size !== undefined && Number(size) <= familyBits('IPv6')) return;
    const problem = 'not a subnet of the network';
    yield { path, reason: 'FieldValueInvalid', problem, got: value, advice: 'write a subnet such as /64#0' };
    return;
  }
  const misspelt = findSpelling(path, value);
  if (misspelt !== undefined) {
    yield misspelt;
    return;
  }
  const range = parseCidr(value);
  if (range?.family !== 'IPv6') {
    const advice = 'write it in the field cidr, and write an IPv6 range or /64#0 here';
    yield { path, reason: 'FieldValueInvalid', problem: 'not an IPv6 range', got: value, advice };
  } else if (anyServiceRange !== undefined && overlaps(range, anyServiceRange)) {
    const problem = `overlaps the range of Services, ${formatCidr(anyServiceRange)}`;
    yield { path, reason: 'FieldValueForbidden', problem, got: value, advice: 'choose another range' };
  }
}
