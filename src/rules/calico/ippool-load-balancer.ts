// BGP announces the addresses of a pool for load balancers, and they belong to Services on any node. So such a pool
// cannot be encapsulated, excluded from BGP or limited to some nodes; Calico rejects it then.
import { isUnset, read, readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { isEncapsulated } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const ippoolLoadBalancer: Rule<ObjectInput> = {
  id: 'calico/ippool-load-balancer',
  title: 'a pool for load balancers must not have settings of other pools',
  action: 'deny',
  docs: {
    why: 'Addresses of load balancers belong to Services on any node and are announced by BGP. Calico rejects a pool with `LoadBalancer` that is encapsulated, excluded from BGP or limited to some nodes.',
    fix: 'Remove `ipipMode`, `vxlanMode`, `disableBGPExport` and `nodeSelector`, or set them to `Never`, `false` and `all()`.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: services
spec:
  cidr: 172.16.0.0/24
  allowedUses: [LoadBalancer]
  nodeSelector: all()
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: services
spec:
  cidr: 172.16.0.0/24
  allowedUses: [LoadBalancer]
  nodeSelector: has(edge)
`,
    source: 'Calico, IPPool CRD (projectcalico.org/v3): validation rules on allowedUses',
    since: '0.1.0',
  },
  *check({ spec }) {
    if (!readList(spec, 'allowedUses').includes('LoadBalancer')) return;
    for (const field of ['ipipMode', 'vxlanMode']) {
      const mode = read(spec, field);
      if (!isEncapsulated(mode)) continue;
      yield {
        path: ['spec', field],
        reason: 'FieldValueForbidden',
        problem: 'a LoadBalancer pool cannot be encapsulated',
        got: mode,
        advice: 'write Never',
      };
    }
    if (read(spec, 'disableBGPExport') === true) {
      yield {
        path: ['spec', 'disableBGPExport'],
        reason: 'FieldValueForbidden',
        problem: 'a LoadBalancer pool must be announced by BGP',
        got: true,
        advice: 'write false',
      };
    }
    const selector = read(spec, 'nodeSelector');
    if (isUnset(selector) || selector === 'all()') return;
    yield {
      path: ['spec', 'nodeSelector'],
      reason: 'FieldValueForbidden',
      problem: 'a LoadBalancer pool must be for all nodes',
      got: selector,
      advice: 'write all()',
    };
  },
};
