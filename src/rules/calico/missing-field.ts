// Fields that the CRDs require. The API server rejects an object without one of them.
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { findMissing } from '../shared/missing-field.ts';

export const calicoMissingField: Rule<ObjectInput> = {
  id: 'calico/missing-field',
  title: 'fields that the API requires must be set',
  action: 'deny',
  docs: {
    why: 'The API server rejects an object in which a required field is missing or null.',
    fix: 'Write the field from the message.',
    good: `
apiVersion: projectcalico.org/v3
kind: HostEndpoint
metadata:
  name: node-1-eth0
spec:
  node: node-1
  interfaceName: eth0
  ports:
  - name: kubelet
    protocol: TCP
    port: 10250
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: HostEndpoint
metadata:
  name: node-1-eth0
spec:
  node: node-1
  interfaceName: eth0
  ports:
  - name: kubelet
    port: 10250
`,
    source: 'Calico, CRDs (projectcalico.org/v3 and crd.projectcalico.org/v1): required fields',
    since: '0.1.0',
  },
  *check({ values }) {
    yield* findMissing(values());
  },
};
