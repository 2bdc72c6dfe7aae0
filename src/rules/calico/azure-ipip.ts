// The documentation of Calico says that the network of Azure drops IP-in-IP. The cloud is known from a Shoot, a kOps
// Cluster or an Installation that is evaluated together with the pool.
import type { BundleRule } from '../../policy/types.ts';
import { listIpipOnAzure } from './shared/clouds.ts';

export const azureIpip: BundleRule = {
  id: 'calico/azure-ipip',
  title: 'pools on Azure must not use IP-in-IP',
  action: 'deny',
  docs: {
    why: 'The network of Azure drops IP-in-IP packets: pods on different nodes cannot reach each other.',
    fix: 'Set `ipipMode: Never` and `vxlanMode: Always`, or let the routes of Azure replace the encapsulation.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  kubernetesProvider: AKS
  cni:
    type: Calico
  calicoNetwork:
    ipPools:
    - cidr: 10.240.0.0/16
      encapsulation: VXLAN
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
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  kubernetesProvider: AKS
  cni:
    type: Calico
  calicoNetwork:
    ipPools:
    - cidr: 10.240.0.0/16
      encapsulation: VXLAN
---
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  ipipMode: Always
  natOutgoing: true
`,
    source: 'Calico, documentation of Azure; kubernetes/kops#17832; Azure/acs-engine#1010',
    since: '0.1.0',
  },
  *check(facts) {
    for (const { document, isCrossSubnet } of listIpipOnAzure(facts)) {
      if (isCrossSubnet) continue;
      yield {
        document,
        path: ['spec', 'ipipMode'],
        reason: 'FieldValueInvalid',
        problem: 'Azure drops IP-in-IP',
        got: 'Always',
        advice: 'write Never, and vxlanMode: Always',
      };
    }
  },
};
