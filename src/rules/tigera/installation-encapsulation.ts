// The encapsulations that the family of a pool, the IPAM plugin and the CNI plugin allow. The default is IPIP for IPv4
// with the Calico CNI plugin, and None otherwise, so the default can only be wrong for Windows (another rule). With
// the plugin of a cloud, a pool for some nodes only is rejected as well.
import { read } from '../../policy/json.ts';
import type { Explanation } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import {
  type InstallationPool,
  type InstallationView,
  isIpip,
  isVxlan,
} from '../../targets/installation-view.ts';

export const installationEncapsulation: Rule<InstallationInput> = {
  id: 'tigera/installation-encapsulation',
  title: 'the encapsulation of a pool must be one that its network supports',
  action: 'deny',
  docs: {
    why: "IP-in-IP is only for IPv4. With the IPAM plugin HostLocal, nodes do not know each other's blocks, which VXLAN needs. With the CNI plugin of a cloud, the cloud routes the packets. The operator reports a degraded TigeraStatus.",
    fix: 'For IPv6 use `VXLAN`, `VXLANCrossSubnet` or `None`; with HostLocal use `IPIP`, `IPIPCrossSubnet` or `None`; with the CNI plugin of a cloud use `None`.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    nodeAddressAutodetectionV6:
      firstFound: true
    ipPools:
      - cidr: fd00:10:244::/64
        encapsulation: VXLAN
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    nodeAddressAutodetectionV6:
      firstFound: true
    ipPools:
      - cidr: fd00:10:244::/64
        encapsulation: IPIP
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/installation/validation.go',
    since: '0.1.0',
  },
  *check({ view }) {
    for (const pool of view.pools) {
      const problem = findProblem(view, pool);
      const path = [...pool.path, 'encapsulation'];
      const got = read(pool.values, 'encapsulation');
      if (problem !== undefined) {
        yield {
          path,
          reason: 'FieldValueNotSupported',
          ...problem,
          got,
        };
      }
      const nodes = read(pool.values, 'nodeSelector') || 'all()';
      if (!view.hasCloudCni || typeof nodes !== 'string' || nodes === 'all()') continue;
      yield {
        path: [...pool.path, 'nodeSelector'],
        reason: 'FieldValueNotSupported',
        problem: `with the CNI plugin ${view.cni} a pool must be for all nodes`,
        got: nodes,
        advice: 'write all()',
      };
    }
  },
};

function findProblem(
  { cni, hasCloudCni, ipam }: InstallationView,
  { cidr, encapsulation }: InstallationPool,
): Explanation | undefined {
  if (cidr?.family === 'IPv6' && isIpip(encapsulation)) {
    return { problem: 'IPv6 pools cannot use IP-in-IP', advice: 'use VXLAN, VXLANCrossSubnet or None' };
  }
  if (cni === 'Calico') {
    if (ipam !== 'HostLocal' || !isVxlan(encapsulation)) return undefined;
    return {
      problem: 'VXLAN does not work with the IPAM plugin HostLocal',
      advice: 'use IPIP, IPIPCrossSubnet or None',
    };
  }
  if (!hasCloudCni || (!isIpip(encapsulation) && !isVxlan(encapsulation))) return undefined;
  return { problem: `with the CNI plugin ${cni} the cloud routes the packets`, advice: 'use None' };
}
