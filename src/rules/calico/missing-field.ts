// Fields that the CRDs require. Without one the API server refuses the object.

import { readMap } from '../../policy/json.ts';
import { listAlternatives } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import { wordsOf } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const calicoMissingField: Rule<ObjectInput> = {
  id: 'calico/missing-field',
  title: 'fields that the API requires are there',
  action: 'deny',
  docs: {
    why: 'The API server refuses an object in which a required field is missing or null.',
    fix: 'Write the field that the message names.',
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
    for (const { keyword, path, schema } of values()) {
      if (keyword !== 'required') continue;
      const words = wordsOf(readMap(schema, 'properties', String(path.at(-1))) ?? {});
      const advice = words.length > 0 ? `write ${listAlternatives(words)}` : 'write it';
      yield { path, reason: 'FieldValueRequired', problem: 'the field is missing', advice };
    }
  },
};
