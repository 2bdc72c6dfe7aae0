// mtu 0 or no mtu detects the MTU. Reported are an MTU below 1280, the minimum for IPv6, and above 9216, the maximum
// of most switches; and an MTU without room for the encapsulation of a pool: in 9001 on EKS, elsewhere in the 1500
// that most networks have. Large packets are then lost while small ones pass.
import { AWS_MTU, findTightNetwork, LARGEST_MTU, LEAST_MTU } from '../../formats/mtu.ts';
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import { type InstallationView, isIpip, isVxlan, NETWORK_PATH } from '../../targets/installation-view.ts';

export const installationUnusualMtu: Rule<InstallationInput> = {
  id: 'tigera/installation-unusual-mtu',
  title: 'the MTU should be one that the network supports',
  action: 'warn',
  docs: {
    why: 'Below 1280 IPv6 does not work. Above 9216, or on EKS without room for the header of the encapsulation in 9001, large packets are lost while small ones pass: connections open and then hang.',
    fix: 'Remove `mtu` to detect it, or write the MTU of the network minus the encapsulation: 20 bytes for IP-in-IP, 50 for VXLAN.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    mtu: 1450
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    mtu: 576
`,
    source: 'RFC 8200 section 5; Calico documentation, MTU',
    since: '0.1.0',
  },
  *check({ view }) {
    const mtu = read(view.network, 'mtu');
    if (typeof mtu !== 'number' || mtu <= 0 || mtu >= 2 ** 31) return;
    const problem = findProblem(view, mtu);
    if (problem === undefined) return;
    yield {
      path: [...NETWORK_PATH, 'mtu'],
      reason: 'FieldValueInvalid',
      problem,
      got: mtu,
      advice: 'remove it to detect the MTU',
    };
  },
};

function findProblem({ provider, pools }: InstallationView, mtu: number): string | undefined {
  if (mtu < LEAST_MTU) return 'below 1280, the minimum for IPv6';
  if (mtu > LARGEST_MTU) return 'larger than the MTU of usual networks';
  const overheads = pools.map(({ encapsulation, cidr }) => {
    if (isVxlan(encapsulation)) return cidr?.family === 'IPv6' ? 70 : 50;
    return isIpip(encapsulation) ? 20 : 0;
  });
  const overhead = Math.max(0, ...overheads);
  const network = provider === 'EKS' ? AWS_MTU : findTightNetwork(mtu, overhead);
  if (network === undefined || mtu <= network - overhead) return undefined;
  return `leaves no room for ${overhead} bytes of encapsulation in an MTU of ${network}`;
}
