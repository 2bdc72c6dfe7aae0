// Calico itself adds the label projectcalico.org/namespace to objects of a namespace.
import { read, readMap } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const LABEL = 'projectcalico.org/namespace';

export const networkSetLabel: Rule<ObjectInput> = {
  id: 'calico/network-set-label',
  title: "a network set should not have Calico's own label",
  action: 'warn',
  docs: {
    why: "Calico adds the label `projectcalico.org/namespace` to objects of a namespace, and rules select by it. Calico's API server and `calicoctl` reject it on a set. With CRDs it is stored, and rules may select the set as if it were pods of that namespace.",
    fix: 'Use your own label for the set.',
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
    projectcalico.org/namespace: partners
spec:
  nets: [192.0.2.0/24]
`,
    source: 'Calico, libcalico-go validator (validateGlobalNetworkSet, validateNetworkSet)',
    since: '0.1.0',
  },
  *check({ object }) {
    const labels = readMap(object, 'metadata', 'labels');
    if (read(labels, LABEL) === undefined) return;
    const problem = "Calico's own label, which its API server rejects here";
    const path = ['metadata', 'labels', LABEL];
    yield {
      path,
      at: 'key',
      reason: 'FieldValueForbidden',
      problem,
      got: LABEL,
      advice: 'use your own label',
    };
  },
};
