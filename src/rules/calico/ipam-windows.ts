// Windows nodes and Calico's IPAM: a node of Windows cannot use an address out of another node's block, so that strict
// affinity is needed. The operator waits until it is on, and gives Windows nodes no Calico before.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const ipamWindows: BundleRule = {
  id: 'calico/ipam-windows',
  title: 'addresses of Windows nodes come from blocks of their own',
  action: 'warn',
  docs: {
    why: "Without strict affinity a node takes addresses out of other nodes' blocks when its own are used up, which Windows cannot route. The operator reports a degraded TigeraStatus, and Windows nodes get no Calico.",
    fix: 'Write `strictAffinity: true`.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  serviceCIDRs: [10.96.0.0/12]
  calicoNetwork:
    bgp: Disabled
    windowsDataplane: HNS
    ipPools:
      - cidr: 10.244.0.0/16
        encapsulation: VXLAN
---
apiVersion: projectcalico.org/v3
kind: IPAMConfiguration
metadata:
  name: default
spec:
  strictAffinity: true
  autoAllocateBlocks: true
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  serviceCIDRs: [10.96.0.0/12]
  calicoNetwork:
    bgp: Disabled
    windowsDataplane: HNS
    ipPools:
      - cidr: 10.244.0.0/16
        encapsulation: VXLAN
---
apiVersion: projectcalico.org/v3
kind: IPAMConfiguration
metadata:
  name: default
spec:
  strictAffinity: false
  autoAllocateBlocks: true
`,
    source:
      'Tigera operator, pkg/controller/installation/windows_controller.go; projectcalico/calico#4404, #7996; libcalico-go/lib/ipam/ipam.go',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const isForWindows = factsOf(cluster, 'installation').some(
        ({ hasWindows, usesCalicoCni, ipam }) => hasWindows && usesCalicoCni && ipam === 'Calico',
      );
      if (!isForWindows) continue;
      for (const { document, path, isStrict } of factsOf(cluster, 'ipam-configuration')) {
        if (isStrict) continue;
        const problem = 'Windows nodes need addresses from blocks of their own';
        yield { document, path, reason: 'FieldValueInvalid', problem, advice: 'write true' };
      }
    }
  },
};
