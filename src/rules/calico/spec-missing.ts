// An object without a spec. Native CRDs of projectcalico.org/v3 want one, if only an empty one.
import { isMap, isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const specMissing: Rule<ObjectInput> = {
  id: 'calico/spec-missing',
  title: 'an object has a spec',
  action: 'warn',
  docs: {
    why: "The CRDs of `projectcalico.org/v3` (Calico 3.32 and later) refuse an object without `spec`. Calico's own API server and older CRDs take it; it says nothing.",
    fix: 'Write `spec`; mind that in YAML what belongs to it is indented.',
    good: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkSet
metadata:
  name: partners
  labels:
    role: partner
spec:
  nets: [192.0.2.0/24]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkSet
metadata:
  name: partners
  labels:
    role: partner
spec:
`,
    source: 'Calico 3.32, CRDs of projectcalico.org/v3: required fields',
    since: '0.1.0',
  },
  *check({ object }) {
    if (!isUnset(read(object, 'spec')) || !isMap(object)) return;
    const problem = 'nothing but metadata, which some API servers refuse';
    yield { path: ['spec'], reason: 'FieldValueRequired', problem, advice: 'write what the object says' };
  },
};
