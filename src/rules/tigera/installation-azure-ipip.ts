// An Installation for AKS with the Calico CNI plugin and a pool that uses IP-in-IP between all nodes, explicitly or by
// default. No other component reports it: the operator installs it, and the packets are lost. IPIPCrossSubnet, which
// encapsulates some of the traffic, is a warning of another rule.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';

export const installationAzureIpip: Rule<InstallationInput> = {
  id: 'tigera/installation-azure-ipip',
  title: 'pools on Azure must not use IP-in-IP',
  action: 'deny',
  docs: {
    why: 'The network of Azure drops IP-in-IP packets: pods on different nodes cannot reach each other. IP-in-IP is the default of an IPv4 pool with the Calico CNI plugin.',
    fix: 'Write `encapsulation: VXLAN`.',
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
    bgp: Disabled
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: VXLAN
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
        encapsulation: IPIP
`,
    source:
      'Calico documentation, Azure (IPIP packets are blocked by the Azure network fabric); kubernetes/kops#17832; Azure/acs-engine#1010',
    since: '0.1.0',
  },
  *check({ view }) {
    const { provider, cni, pools } = view;
    if (provider !== 'AKS' || cni !== 'Calico') return;
    for (const { path, values, encapsulation } of pools) {
      if (encapsulation !== 'IPIP') continue;
      const got = read(values, 'encapsulation');
      yield {
        path: [...path, 'encapsulation'],
        reason: 'FieldValueNotSupported',
        problem: 'Azure drops IP-in-IP, which is the default',
        got,
        advice: 'write VXLAN',
      };
    }
  },
};
