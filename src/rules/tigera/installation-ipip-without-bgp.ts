// bgp is off, a pool uses IP-in-IP, and no field says who programs the routes: Felix from Calico 3.33 on, no component
// before. An Installation does not name the release, so this cannot be an error. A clusterRoutingMode answers it: BIRD
// is an error of another rule, Felix and FelixIPIPOnly are fine.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import { isIpip, NETWORK_PATH } from '../../targets/installation-view.ts';
import { getsIpipPool, WRITE_POOLS } from './shared/default-pool.ts';

export const installationIpipWithoutBgp: Rule<InstallationInput> = {
  id: 'tigera/installation-ipip-without-bgp',
  title: 'IP-in-IP without BGP should only be used with Calico 3.33 or later',
  action: 'warn',
  docs: {
    why: 'From Calico 3.33 on Felix programs the routes of IP-in-IP pools by default. Operators of older releases reject such an Installation, because BIRD programmed these routes.',
    fix: 'Write `clusterRoutingMode: FelixIPIPOnly`, which older operators do not accept, enable `bgp`, or use VXLAN.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    bgp: Disabled
    clusterRoutingMode: FelixIPIPOnly
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: IPIP
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    bgp: Disabled
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: IPIP
`,
    source: 'tigera/operator#5201',
    since: '0.1.0',
  },
  *check({ view }) {
    const { bgp, cni, ipam, network, pools } = view;
    if (bgp === 'Enabled' || cni !== 'Calico' || ipam !== 'Calico') return;
    if (!isUnset(read(network, 'clusterRoutingMode'))) return;
    const isWritten = pools.some(({ encapsulation }) => isIpip(encapsulation));
    if (!isWritten && !getsIpipPool(view)) return;
    const unsaid = pools.find(
      ({ values, encapsulation }) => isIpip(encapsulation) && !read(values, 'encapsulation'),
    );
    if (unsaid !== undefined) {
      yield {
        path: [...unsaid.path, 'encapsulation'],
        reason: 'FieldValueRequired',
        problem: 'the default is IPIP, which needs BGP before Calico 3.33',
        advice: 'write VXLAN, or set bgp: Enabled',
      };
      return;
    }
    const got = read(network, 'bgp');
    yield {
      path: [...NETWORK_PATH, 'bgp'],
      reason: 'FieldValueForbidden',
      problem: isWritten
        ? 'before Calico 3.33 IPIP needs BGP'
        : 'before Calico 3.33 the default pool, IPIP, needs BGP',
      got,
      advice: isWritten ? 'write Enabled, or use VXLAN' : WRITE_POOLS,
    };
  },
};
