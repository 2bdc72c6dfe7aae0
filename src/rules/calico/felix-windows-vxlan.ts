// Windows nodes use VXLAN only on port 4789, with an identifier of at least 4096. Both are the defaults of Felix.
// Users who change them, mostly because of vSphere, disconnect the Windows nodes. Reported where an Installation has
// Windows nodes.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

const PORT = 4789;
const LEAST_VNI = 4096;

export const felixWindowsVxlan: BundleRule = {
  id: 'calico/felix-windows-vxlan',
  title: 'VXLAN settings should be ones that Windows nodes support',
  action: 'warn',
  docs: {
    why: 'Windows supports VXLAN only on port 4789, and no identifier below 4096: pods on Windows nodes and pods on Linux nodes cannot reach each other.',
    fix: 'Remove `vxlanPort` and `vxlanVNI`. If you changed the port because virtual machines lose packets, write `featureDetectOverride: ChecksumOffloadBroken=true` instead.',
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
kind: FelixConfiguration
metadata:
  name: default
spec:
  featureDetectOverride: ChecksumOffloadBroken=true
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
kind: FelixConfiguration
metadata:
  name: default
spec:
  vxlanPort: 8472
`,
    source: 'projectcalico/calico#4727; Calico documentation, limitations of Calico for Windows',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const hasWindows = factsOf(cluster, 'installation').some((each) => each.hasWindows);
      if (!hasWindows) continue;
      for (const { document, path, name, value } of factsOf(cluster, 'felix-setting')) {
        if (typeof value !== 'number') continue;
        const limit = name === 'vxlanPort' ? `port ${PORT}` : `an identifier from ${LEAST_VNI} on`;
        const isWrong =
          (name === 'vxlanPort' && value !== PORT) || (name === 'vxlanVNI' && value < LEAST_VNI);
        if (!isWrong) continue;
        const problem = `Windows nodes support VXLAN only with ${limit}`;
        yield { document, path, reason: 'FieldValueInvalid', problem, got: value, advice: 'remove it' };
      }
    }
  },
};
