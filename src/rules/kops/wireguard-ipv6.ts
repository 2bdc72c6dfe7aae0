// kOps encrypts between nodes with WireGuard only in IPv4 clusters. (Calico itself supports IPv6 since 3.24.)
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { inCalico } from './shared/calico-field.ts';

export const wireguardIpv6: Rule<KopsClusterInput> = {
  id: 'kops/wireguard-ipv6',
  title: 'WireGuard must only be on in IPv4 clusters',
  action: 'deny',
  docs: {
    why: 'kOps rejects the Cluster.',
    fix: 'Remove `wireguardEnabled`, or use an IPv4 `nonMasqueradeCIDR`.',
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
      wireguardEnabled: true
`,
    bad: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: "::/0"
  networking:
    calico:
      wireguardEnabled: true
`,
    source: 'kOps, validateNetworkingCalico',
    since: '0.1.0',
  },
  *check({ calico, isIpv6 }) {
    if (!isIpv6 || read(calico, 'wireguardEnabled') !== true) return;
    yield {
      path: inCalico('wireguardEnabled'),
      reason: 'FieldValueForbidden',
      problem: 'kOps supports WireGuard only in IPv4 clusters',
      got: true,
      advice: 'remove it',
    };
  },
};
