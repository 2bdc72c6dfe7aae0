// Windows nodes speak VXLAN on port 4789 only, with an identifier of at least 4096. Felix has both as defaults; whoever
// changes them, mostly because of vSphere, cuts Windows nodes off. Told where an Installation has Windows nodes.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

const PORT = 4789;
const LEAST_VNI = 4096;

export const felixWindowsVxlan: BundleRule = {
  id: 'calico/felix-windows-vxlan',
  title: 'VXLAN is one that Windows nodes speak',
  action: 'warn',
  docs: {
    why: 'Windows knows no other port for VXLAN than 4789, and no identifier below 4096: pods on Windows nodes and on Linux nodes do not reach each other.',
    fix: 'Remove `vxlanPort` and `vxlanVNI`. Where another port was a cure for virtual machines that lose packets, write `featureDetectOverride: ChecksumOffloadBroken=true` instead.',
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
        const problem = `Windows nodes speak VXLAN with ${limit} only`;
        yield { document, path, reason: 'FieldValueInvalid', problem, got: value, advice: 'remove it' };
      }
    }
  },
};
