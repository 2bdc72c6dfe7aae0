// VXLAN with host-local IPAM: Felix creates the routes of VXLAN from the blocks of calico-ipam, and host-local has
// none. Only with routeSource WorkloadIPs it uses the pods themselves.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { usesTunnel } from '../shared/tunnels.ts';

export const vxlanNeedsCalicoIpam: BundleRule = {
  id: 'kubeadm/vxlan-needs-calico-ipam',
  title: 'VXLAN should be used with calico-ipam',
  action: 'warn',
  docs: {
    why: "Felix creates the routes of a VXLAN pool from the blocks that calico-ipam assigned to the nodes. With host-local IPAM there are none, and pods on other nodes cannot be reached. Calico's operator rejects the two together.",
    fix: 'Use `calico-ipam`, or a pool without VXLAN.',
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  cni_network_config: |-
    {"name": "pods", "plugins": [{"type": "calico", "ipam": {"type": "calico-ipam"}}]}
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
  cni_network_config: |-
    {"name": "pods", "plugins": [{"type": "calico", "ipam": {"type": "host-local", "subnet": "usePodCidr"}}]}
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
    source:
      'tigera/operator, pkg/controller/installation/validation.go (HostLocal and VXLAN); Calico documentation, VXLAN',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const nodes = factsOf(cluster, 'calico-node');
      if (nodes.some(({ variables }) => variables.FELIX_ROUTESOURCE?.value?.toLowerCase() === 'workloadips'))
        continue;
      if (!usesTunnel(cluster, 'vxlan')) continue;
      for (const { document, path, ipam } of factsOf(cluster, 'cni-config')) {
        if (ipam !== 'host-local') continue;
        const problem = 'VXLAN has no routes with host-local IPAM';
        const advice = 'write {"type": "calico-ipam"}, or use a pool without VXLAN';
        yield { document, path, at: 'key', reason: 'FieldValueForbidden', problem, advice };
      }
    }
  },
};
