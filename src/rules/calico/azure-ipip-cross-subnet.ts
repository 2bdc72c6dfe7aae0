// Azure's network drops IP-in-IP. With CrossSubnet nodes of one subnet do without it, so that such a cluster works until
// it gets a second subnet. The cloud is known from a document that is judged together with the pool.
import type { BundleRule } from '../../policy/types.ts';
import { listIpipOnAzure } from './shared/clouds.ts';

export const azureIpipCrossSubnet: BundleRule = {
  id: 'calico/azure-ipip-cross-subnet',
  title: 'on Azure no pool is wrapped into IP-in-IP between subnets',
  action: 'warn',
  docs: {
    why: "Azure's network drops packets of IP-in-IP. With `CrossSubnet` that hits pods on nodes of different subnets only, and shows once there are two.",
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
        problem: 'Azure drops IP-in-IP, here between subnets',
        got: 'CrossSubnet',
        advice: 'write Never, and vxlanMode: CrossSubnet',
      };
    }
  },
};
