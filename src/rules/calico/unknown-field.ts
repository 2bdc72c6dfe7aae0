// A field that we do not know may be of a newer Calico, or of Calico Enterprise; if it is not, the API server drops it
// without a word. For the audit only: names that come near a known one are told by calico/misspelt-field.
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { findMisspelt } from './misspelt-field.ts';

export const calicoUnknownField: Rule<ObjectInput> = {
  id: 'calico/unknown-field',
  title: "Calico's resources have no fields that are unknown to this release",
  action: 'audit',
  docs: {
    why: 'A field that the CRD does not have is dropped without a word. Our list may be older than the Calico of the cluster, and does not have the fields of Calico Enterprise.',
    fix: "Look the field up in the documentation of the cluster's Calico. A landscape that runs no newer one can set this rule to `warn`.",
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  gateway: 10.244.0.1
`,
    source: 'Calico, CRDs of its resources',
    since: '0.1.0',
  },
  *check({ shape }) {
    const unknown = shape.filter((problem) => problem.kind === 'unknown-field');
    yield* unknown.filter((problem) => findMisspelt(problem) === undefined);
  },
};
