// Windows nodes and Calico's IPAM: a Windows node cannot use an address from the block of another node, so it needs
// strict affinity. The operator waits for that setting, and installs no Calico on Windows nodes before.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const ipamWindows: BundleRule = {
  id: 'calico/ipam-windows',
  title: 'addresses of Windows nodes should come from their own blocks',
  action: 'warn',
  docs: {
    why: 'Without strict affinity a node takes addresses from blocks of other nodes when its own are full, and Windows cannot route these addresses. The operator reports a degraded TigeraStatus and installs no Calico on Windows nodes.',
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
        const problem = 'Windows nodes need addresses from their own blocks';
        yield { document, path, reason: 'FieldValueInvalid', problem, advice: 'write true' };
      }
    }
  },
};
