// An unknown field may belong to a newer Calico, or to Calico Enterprise. Otherwise the API server drops it without an
// error. Only for the audit: calico/misspelt-field reports names that are close to a known name.
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { findMisspelt } from './misspelt-field.ts';

export const calicoUnknownField: Rule<ObjectInput> = {
  id: 'calico/unknown-field',
  title: 'a field of a Calico resource is unknown to this release',
  action: 'audit',
  docs: {
    why: 'The API server silently drops a field that the CRD does not have. Our list may be older than the Calico of the cluster, and does not have the fields of Calico Enterprise.',
    fix: 'Look up the field in the documentation of the Calico of your cluster. A landscape that does not run a newer Calico can set this rule to `warn`.',
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
