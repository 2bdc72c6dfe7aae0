// An Installation for AKS with the Calico CNI plugin whose pool uses IP-in-IP between subnets, or which has no pool
// and so gets one with IP-in-IP. It may work while all nodes are in one subnet, or if pools are created elsewhere.
// Azure drops the encapsulated packets in every mode.
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import { NETWORK_PATH } from '../../targets/installation-view.ts';
import { getsIpipPool } from './shared/default-pool.ts';

export const installationAzureIpipCrossSubnet: Rule<InstallationInput> = {
  id: 'tigera/installation-azure-ipip-cross-subnet',
  title: 'pools on Azure should not use IP-in-IP between subnets',
  action: 'warn',
  docs: {
    why: 'The network of Azure drops IP-in-IP packets. IPIPCrossSubnet does not encapsulate within a subnet, but between subnets it does, as soon as there is a second one.',
    fix: 'Write `encapsulation: VXLAN` or `VXLANCrossSubnet`.',
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
      - cidr: 192.168.0.0/16
        encapsulation: VXLANCrossSubnet
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
      - cidr: 192.168.0.0/16
        encapsulation: IPIPCrossSubnet
`,
    source:
      'Calico documentation, Azure (IPIP packets are blocked by the Azure network fabric); kubernetes/kops#17832; Azure/acs-engine#1010',
    since: '0.1.0',
  },
  *check({ view }) {
    const { provider, cni, pools } = view;
    if (provider !== 'AKS' || cni !== 'Calico') return;
    if (getsIpipPool(view)) {
      yield {
        path: [...NETWORK_PATH, 'ipPools'],
        reason: 'FieldValueRequired',
        problem: 'the default pool has IPIP, which Azure drops',
        advice: 'write a pool with VXLAN',
      };
    }
    for (const { path, encapsulation } of pools) {
      if (encapsulation !== 'IPIPCrossSubnet') continue;
      yield {
        path: [...path, 'encapsulation'],
        reason: 'FieldValueNotSupported',
        problem: 'Azure drops IP-in-IP between subnets',
        got: 'IPIPCrossSubnet',
        advice: 'use VXLAN',
      };
    }
  },
};
