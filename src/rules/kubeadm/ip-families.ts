// This rule compares the families of the pods (podSubnet of kubeadm or kind) with the settings of calico-node. The
// manifests of Calico are for IPv4: IP is detected and required, IP6 is not set, FELIX_IPV6SUPPORT is false, and
// calico-ipam assigns no IPv6 addresses.
import { parseSubnets } from '../../formats/subnets.ts';
import type { FactOf } from '../../policy/fact.ts';
import { type BundleFinding, type BundleRule, factsOf, type LocatedFact } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { findKubeadm } from './shared/kubeadm-cluster.ts';

type Node = LocatedFact<FactOf<'calico-node'>>;

export const ipFamilies: BundleRule = {
  id: 'kubeadm/ip-families',
  title: 'calico-node should have the IP families of the pods',
  action: 'warn',
  docs: {
    why: 'The manifests of Calico are for IPv4. If podSubnet is only IPv6, calico-node stops on a node without an IPv4 address. If it has both families, pods get no IPv6 address, and dual-stack Services have no IPv6 endpoints.',
    fix: 'For IPv6 alone set `IP` to `none` and `CALICO_ROUTER_ID` to `hash`. For any IPv6 set `IP6` to `autodetect` and `FELIX_IPV6SUPPORT` to `true`, and write `"assign_ipv6": "true"` into the IPAM part of the CNI configuration.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: fd00:10:244::/56
  serviceSubnet: fd00:10:96::/112
---
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
            - name: IP
              value: none
            - name: IP6
              value: autodetect
            - name: CALICO_ROUTER_ID
              value: hash
            - name: FELIX_IPV6SUPPORT
              value: "true"
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: fd00:10:244::/56
  serviceSubnet: fd00:10:96::/112
---
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
            - name: IP
              value: autodetect
            - name: IP6
              value: autodetect
            - name: FELIX_IPV6SUPPORT
              value: "true"
`,
    source:
      'projectcalico/calico#2485; node/pkg/lifecycle/startup/startup.go (configureIPsAndSubnets); Calico documentation, dual stack and IPv6',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const nodes = factsOf(cluster, 'calico-node').filter(({ backend }) => backend !== 'none');
      const subnets = parseSubnets(findKubeadm(cluster)?.podSubnet ?? '');
      if (!subnets.some(({ family }) => family === 'IPv6')) continue;
      for (const node of nodes) {
        if (subnets.every(({ family }) => family === 'IPv6')) yield* findIpv4(node);
        yield* findMissingIpv6(node, cluster);
      }
      if (nodes.length === 0) continue;
      for (const { document, path, assignsIpv6 } of factsOf(cluster, 'cni-config')) {
        if (assignsIpv6 !== false) continue;
        const problem = 'podSubnet has IPv6, but calico-ipam assigns no IPv6 addresses';
        const advice = 'add "assign_ipv6": "true" to "ipam"';
        yield { document, path, at: 'key', reason: 'FieldValueRequired', problem, advice };
      }
    }
  },
};

/** For a cluster without IPv4. */
function* findIpv4({ document, path, variables, backend }: Node): Generator<BundleFinding> {
  const { IP: ip, CALICO_ROUTER_ID: routerId } = variables;
  if (ip === undefined || (ip.value !== undefined && ip.value !== 'none')) {
    yield {
      document,
      path: ip?.path ?? [...path, 'env'],
      reason: 'FieldValueInvalid',
      problem: 'podSubnet has no IPv4, but calico-node needs an IPv4 address',
      got: ip?.value,
      advice: 'set IP to none and CALICO_ROUTER_ID to hash',
    };
  } else if (ip.value === 'none' && routerId === undefined && backend === 'bird') {
    yield {
      document,
      path: [...path, 'env'],
      reason: 'FieldValueRequired',
      problem: 'without an IPv4 address BIRD has no router ID',
      advice: 'set CALICO_ROUTER_ID to "hash"',
    };
  }
}

function* findMissingIpv6(
  { document, path, variables }: Node,
  cluster: readonly LocatedFact[],
): Generator<BundleFinding> {
  const ip6 = variables.IP6;
  if (ip6 === undefined || ip6.value === '' || ip6.value === 'none') {
    yield {
      document,
      path: ip6?.path ?? [...path, 'env'],
      reason: 'FieldValueRequired',
      problem: 'podSubnet has IPv6, but calico-node does not detect an IPv6 address',
      got: ip6?.value,
      advice: 'set IP6 to "autodetect"',
    };
  }
  for (const { name, value, path: at, ...support } of factsOf(cluster, 'felix-setting')) {
    if (name !== 'ipv6Support' || value !== false || support.document.index !== document.index) continue;
    yield {
      document,
      path: at,
      reason: 'FieldValueInvalid',
      problem: 'podSubnet has IPv6, but IPv6 is off in Felix',
      got: 'false',
      advice: 'set FELIX_IPV6SUPPORT to "true"',
    };
  }
}
