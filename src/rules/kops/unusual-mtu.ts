// The MTU of pods must leave room for the outer header: 20 bytes for IP-in-IP, 50 for VXLAN and eBPF, 60 for
// WireGuard; the largest counts. With a larger MTU connections open and then hang. Compared with AWS, where every VPC
// has 9001; on other clouds only with the maximum of any network. Below 1280 IPv6 does not work.
import { AWS_MTU, findTightNetwork, LARGEST_MTU, LEAST_MTU } from '../../formats/mtu.ts';
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { inCalico } from './shared/calico-field.ts';

/** The largest MTU of an interface: above it kops/mtu reports. */
const POSSIBLE = 65_535;

export const unusualMtu: Rule<KopsClusterInput> = {
  id: 'kops/unusual-mtu',
  title: 'the MTU should leave room for the encapsulation',
  action: 'warn',
  docs: {
    why: 'Packets that are too large with their outer header are lost: connections open and then hang. Below 1280 IPv6 does not work.',
    fix: 'Remove `mtu` to detect it, or write at most that of the network minus the header; on AWS 8981 (IP-in-IP), 8951 (VXLAN, eBPF) or 8941 (WireGuard).',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      encapsulationMode: vxlan
      mtu: 8951
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
  networking:
    calico:
      encapsulationMode: vxlan
      mtu: 8981
`,
    source:
      'kOps, docs/networking/calico.md (Configuring Calico MTU); Calico, documentation of the MTU; RFC 8200 section 5',
    since: '0.1.0',
  },
  *check(input) {
    const value = read(input.calico, 'mtu');
    if (typeof value !== 'number' || value <= 0 || value > POSSIBLE) return;
    const problem = findProblem(value, input);
    if (problem === undefined) return;
    yield {
      path: inCalico('mtu'),
      reason: 'FieldValueInvalid',
      ...problem,
      got: value,
    };
  },
};

function findProblem(mtu: number, input: KopsClusterInput) {
  if (mtu < LEAST_MTU) {
    return {
      problem: 'below 1280, the minimum for IPv6',
      advice: 'write a larger number, or 0 to detect it',
    };
  }
  const { name, bytes } = overheadOf(input);
  // Networks of GCE have 1460 or 8896.
  const usual = ['aws', 'gce'].includes(input.cloud ?? '') ? undefined : findTightNetwork(mtu, bytes);
  if (usual !== undefined) {
    const problem = `leaves no room ${name}in an MTU of ${usual}`;
    return { problem, advice: `write at most ${usual - bytes}, or 0 to detect it` };
  }
  const room = (input.cloud === 'aws' ? AWS_MTU : LARGEST_MTU) - bytes;
  if (mtu <= room) return undefined;
  const where = input.cloud === 'aws' ? 'on AWS' : 'on any network';
  return {
    problem: `above ${room}, the maximum ${name}${where}`,
    advice: `write at most ${room}, or 0 to detect it`,
  };
}

function overheadOf({ calico, ipipMode, vxlanMode }: KopsClusterInput): { name: string; bytes: number } {
  if (read(calico, 'wireguardEnabled') === true) return { name: 'with WireGuard ', bytes: 60 };
  if (vxlanMode !== 'Never') return { name: 'with VXLAN ', bytes: 50 };
  if (read(calico, 'bpfEnabled') === true) return { name: 'with eBPF ', bytes: 50 };
  if (ipipMode !== 'Never') return { name: 'with IP-in-IP ', bytes: 20 };
  return { name: '', bytes: 0 };
}
