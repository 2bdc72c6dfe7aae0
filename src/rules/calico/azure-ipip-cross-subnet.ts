// The network of Azure drops IP-in-IP. With CrossSubnet, nodes in one subnet do not use it, so such a cluster works
// until it gets a second subnet. The cloud is known from a document that is evaluated together with the pool.
import type { BundleRule } from '../../policy/types.ts';
import { listIpipOnAzure } from './shared/clouds.ts';

export const azureIpipCrossSubnet: BundleRule = {
  id: 'calico/azure-ipip-cross-subnet',
  title: 'pools on Azure should not use IP-in-IP between subnets',
  action: 'warn',
  docs: {
    why: 'The network of Azure drops IP-in-IP packets. With `CrossSubnet` that affects only pods on nodes in different subnets, so the problem appears with the second subnet.',
    fix: 'Set `ipipMode: Never` and `vxlanMode: CrossSubnet`.',
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
  ipipMode: CrossSubnet
  natOutgoing: true
`,
    source: 'Calico, documentation of Azure; kubernetes/kops#17832; Azure/acs-engine#1010',
    since: '0.1.0',
  },
  *check(facts) {
    for (const { document, isCrossSubnet } of listIpipOnAzure(facts)) {
      if (!isCrossSubnet) continue;
      yield {
        document,
        path: ['spec', 'ipipMode'],
        reason: 'FieldValueInvalid',
        problem: 'Azure drops IP-in-IP, which this pool uses between subnets',
        got: 'CrossSubnet',
        advice: 'write Never, and vxlanMode: CrossSubnet',
      };
    }
  },
};
