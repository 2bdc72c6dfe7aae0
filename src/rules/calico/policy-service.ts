// A Service as the destination of a rule includes its addresses and its ports.
import { isMap, read, readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listAllEnds } from './shared/policy-rules.ts';

export const policyService: Rule<ObjectInput> = {
  id: 'calico/policy-service',
  title: 'a rule to a Service must not have its own ports',
  action: 'deny',
  docs: {
    why: 'The API server rejects ports with `services` in a destination (Calico 3.32 and later): a Service already has its ports.',
    fix: 'Remove the ports, or write a selector of the pods instead of the Service.',
    good: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: to-api
  namespace: shop
spec:
  selector: all()
  types: [Egress]
  egress:
  - action: Allow
    destination:
      services:
        name: kubernetes
        namespace: default
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: to-api
  namespace: shop
spec:
  selector: all()
  types: [Egress]
  egress:
  - action: Allow
    protocol: TCP
    destination:
      services:
        name: kubernetes
        namespace: default
      ports: [443]
`,
    source: 'Calico 3.32, CRDs of policies: validation rules',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, end, entity } of listAllEnds(spec)) {
      if (end !== 'destination' || !isMap(read(entity, 'services'))) continue;
      for (const field of ['ports', 'notPorts']) {
        if (readList(entity, field).length === 0) continue;
        const problem = 'a Service already has its ports';
        const at = { path: [...path, field], at: 'key', reason: 'FieldValueForbidden' } as const;
        yield { ...at, problem, advice: 'remove the ports, or write a selector instead of services' };
      }
    }
  },
};
