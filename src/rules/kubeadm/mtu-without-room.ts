// This rule compares the MTU of pods (veth_mtu, or a number in the CNI configuration) with the tunnels of the cluster.
// The MTU of the network is unknown, but most networks have 1500: an MTU that fits into 1500 only without the outer
// header was not meant for a larger network.
import { findTightNetwork } from '../../formats/mtu.ts';
import { type BundleRule, factsOf, type LocatedFact } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { usesTunnel } from '../shared/tunnels.ts';

export const mtuWithoutRoom: BundleRule = {
  id: 'kubeadm/mtu-without-room',
  title: 'the MTU of pods should leave room for the tunnel',
  action: 'warn',
  docs: {
    why: 'Packets between nodes get an outer header: 20 bytes for IP-in-IP, 50 for VXLAN, 60 for WireGuard. On a network with an MTU of 1500, pods with 1500 send packets that do not fit: connections open and then hang.',
    fix: 'Write `"0"` to detect the MTU, or that of the network minus the header: on 1500, write 1480 (IP-in-IP), 1450 (VXLAN) or 1440 (WireGuard). If the network has a larger MTU, write a number above 1500, or disable the rule.',
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  calico_backend: "vxlan"
  veth_mtu: "1450"
---
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  vxlanMode: Always
  natOutgoing: true
`,
    bad: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  calico_backend: "vxlan"
  veth_mtu: "1500"
---
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  vxlanMode: Always
  natOutgoing: true
`,
    source: 'kubesphere/kubekey#1572; Calico documentation, MTU',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const header = findHeader(cluster);
      if (header === undefined) continue;
      for (const { document, path, mtu } of factsOf(cluster, 'pod-mtu')) {
        const network = findTightNetwork(mtu, header.bytes);
        if (network === undefined) continue;
        const isTemplate = path.at(-1) !== 'veth_mtu';
        yield {
          document,
          path,
          at: isTemplate ? 'key' : 'value',
          reason: 'FieldValueInvalid',
          problem: `an MTU of ${mtu} leaves no room for the ${header.bytes} bytes of ${header.name} on a network of ${network}`,
          advice: isTemplate
            ? 'write "mtu": __CNI_MTU__'
            : `write "${network - header.bytes}", or "0" to detect it`,
        };
      }
    }
  },
};

/** The largest header that certainly applies. */
function findHeader(
  cluster: readonly LocatedFact[],
): { readonly name: string; readonly bytes: number } | undefined {
  const isEncrypted = factsOf(cluster, 'felix-setting').some(
    ({ name, value }) => name === 'wireguardEnabled' && value === true,
  );
  if (isEncrypted) return { name: 'WireGuard', bytes: 60 };
  if (usesTunnel(cluster, 'vxlan')) return { name: 'VXLAN', bytes: 50 };
  return usesTunnel(cluster, 'ipip') ? { name: 'IP-in-IP', bytes: 20 } : undefined;
}
