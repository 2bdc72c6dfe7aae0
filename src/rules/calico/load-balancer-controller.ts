// A pool for load balancers needs a controller that assigns its addresses to Services.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const loadBalancerController: BundleRule = {
  id: 'calico/load-balancer-controller',
  title: 'the loadBalancer controller should run where a pool has the use LoadBalancer',
  action: 'warn',
  docs: {
    why: 'A controller that is not in `controllers` does not run. Without `loadBalancer` no Service gets an address of the pool, and Services stay pending (projectcalico/calico#10476, #11249).',
    fix: 'Write `loadBalancer: {}` under `controllers`, with `assignIPs` if only some Services should get an address.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: services
spec:
  cidr: 192.0.2.0/24
  allowedUses: [LoadBalancer]
  nodeSelector: all()
---
apiVersion: projectcalico.org/v3
kind: KubeControllersConfiguration
metadata:
  name: default
spec:
  controllers:
    node: {}
    loadBalancer:
      assignIPs: AllServices
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: services
spec:
  cidr: 192.0.2.0/24
  allowedUses: [LoadBalancer]
  nodeSelector: all()
---
apiVersion: projectcalico.org/v3
kind: KubeControllersConfiguration
metadata:
  name: default
spec:
  controllers:
    node: {}
`,
    source: 'Calico, kube-controllers; projectcalico/calico#10476, #11249, #12890',
    since: '0.1.0',
  },
  *check(facts) {
    for (const group of groupByCluster(facts)) {
      if (factsOf(group, 'load-balancer-pool').length === 0) continue;
      for (const { document, path, givesLoadBalancerAddresses } of factsOf(group, 'controllers')) {
        if (givesLoadBalancerAddresses) continue;
        const problem = 'no controller assigns the addresses of the LoadBalancer pool';
        yield {
          document,
          path,
          at: 'key',
          reason: 'FieldValueRequired',
          problem,
          advice: 'add loadBalancer: {}',
        };
      }
    }
  },
};
