// A pool with the use LoadBalancer provides addresses of Services. It must have no other use, no encapsulation (the
// default of an IPv4 pool is IPIP) and the node selector all(), and its routes must be exported. The operator rejects
// anything else and changes no pool.
import { read, readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';

export const installationLoadBalancerPools: Rule<InstallationInput> = {
  id: 'tigera/installation-load-balancer-pools',
  title: 'pools for load balancers must have no other use and no settings of other pools',
  action: 'deny',
  docs: {
    why: 'Addresses of load balancers belong to no node: their pool has no tunnel and no node selector, and its routes must be announced. The operator rejects anything else.',
    fix: 'Write only `allowedUses: [LoadBalancer]`, with `encapsulation: None`, without a `nodeSelector` and without `disableBGPExport`.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: VXLAN
      - cidr: 203.0.113.0/24
        encapsulation: None
        allowedUses: [LoadBalancer]
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 203.0.113.0/24
        encapsulation: None
        allowedUses: [LoadBalancer, Workload]
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/ippool/validation.go',
    since: '0.1.0',
  },
  *check({ view }) {
    for (const { path, values, encapsulation, isForLoadBalancers } of view.pools) {
      if (!isForLoadBalancers) continue;
      const at = (field: string, problem: string, advice: string) => ({
        path: [...path, field],
        reason: 'FieldValueForbidden' as const,
        problem,
        got: read(values, field),
        advice,
      });
      const uses = readList(values, 'allowedUses');
      if (uses.some((use) => use !== 'LoadBalancer')) {
        yield at(
          'allowedUses',
          'LoadBalancer cannot be combined with another use',
          'remove the others, or write another pool',
        );
      }
      if (encapsulation !== 'None' && typeof encapsulation === 'string') {
        yield at('encapsulation', 'a LoadBalancer pool cannot be encapsulated', 'write None');
      }
      const nodes = read(values, 'nodeSelector') || 'all()';
      if (typeof nodes === 'string' && nodes !== 'all()') {
        yield at('nodeSelector', 'a LoadBalancer pool must be for all nodes', 'write all()');
      }
      if (read(values, 'disableBGPExport') === true) {
        yield at('disableBGPExport', 'routes of a LoadBalancer pool must be exported', 'remove it');
      }
    }
  },
};
