// Which component programs the routes to pods on other nodes: VXLAN needs only Felix; without encapsulation it is BIRD
// over BGP unless clusterRoutingMode is Felix; with IP-in-IP it is BIRD if clusterRoutingMode says so, and Felix by
// default from Calico 3.33 on. bgp is off by default on EKS. With the IPAM plugin HostLocal the operator does not
// check this.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import { type InstallationView, isIpip, NETWORK_PATH } from '../../targets/installation-view.ts';
import { getsIpipPool, WRITE_POOLS } from './shared/default-pool.ts';

export const installationBgp: Rule<InstallationInput> = {
  id: 'tigera/installation-bgp',
  title: 'BGP must be on where routes come from it',
  action: 'deny',
  docs: {
    why: 'Pods on other nodes are reached by routes. Without encapsulation, and with IP-in-IP where BIRD programs the routes, these routes come from BGP: without it nodes cannot reach pods of other nodes. The operator rejects this, and also BGP with the CNI plugin of a cloud.',
    fix: 'Use `VXLAN` or `VXLANCrossSubnet`, enable `bgp`, or let Felix program the routes: `clusterRoutingMode: FelixIPIPOnly` for IP-in-IP (Calico 3.33), `Felix` for both.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
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
  calicoNetwork:
    bgp: Disabled
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: None
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/installation/validation.go; tigera/operator#5201',
    since: '0.1.0',
  },
  *check({ view }) {
    const problem = view.hasCloudCni ? findUselessBgp(view) : findMissingBgp(view);
    if (problem === undefined) return;
    const got = read(view.network, 'bgp');
    yield {
      path: [...NETWORK_PATH, 'bgp'],
      reason: 'FieldValueForbidden',
      ...problem,
      got,
    };
  },
};

interface Problem {
  readonly problem: string;
  readonly advice: string;
}

function findMissingBgp(view: InstallationView): Problem | undefined {
  const { bgp, cni, ipam, network, pools } = view;
  if (bgp === 'Enabled' || cni !== 'Calico' || ipam !== 'Calico') return undefined;
  const routing = read(network, 'clusterRoutingMode');
  if (routing !== 'Felix' && pools.some(({ encapsulation }) => encapsulation === 'None')) {
    return {
      problem: 'a pool without encapsulation needs BGP',
      advice: 'write Enabled, or use VXLAN in the pool',
    };
  }
  if (routing === 'BIRD' && pools.some(({ encapsulation }) => isIpip(encapsulation))) {
    return {
      problem: 'BIRD needs BGP to route IP-in-IP',
      advice: 'write Enabled, or remove clusterRoutingMode',
    };
  }
  if (routing === 'BIRD' && getsIpipPool(view)) {
    return { problem: 'the default pool has IPIP, for which BIRD needs BGP', advice: WRITE_POOLS };
  }
  return undefined;
}

/** The operator checks this only if there are pools. */
function findUselessBgp({ bgp, cni, pools }: InstallationView): Problem | undefined {
  if (bgp !== 'Enabled' || pools.length === 0) return undefined;
  return { problem: `the CNI plugin ${cni} does not support BGP`, advice: 'remove it, or write Disabled' };
}
