// Fields of the Installation that the operator has replaced. They still work, or no longer do anything:
// componentResources and typhaAffinity by fields for each component, calicoWindowsUpgradeDaemonSet by nothing. They
// will be gone in a later release.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const SUCCESSORS: ReadonlyMap<string, string> = new Map([
  ['componentResources', 'use calicoNodeDaemonSet and its like'],
  ['typhaAffinity', 'use typhaDeployment'],
  ['calicoWindowsUpgradeDaemonSet', 'remove it'],
]);

export const installationDeprecatedField: Rule<ObjectInput> = {
  id: 'tigera/installation-deprecated-field',
  title: 'no deprecated field is used',
  action: 'warn',
  docs: {
    why: 'The operator still reads the field, or ignores it already, and will drop it.',
    fix: 'Write what the message names instead.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  typhaDeployment:
    spec:
      minReadySeconds: 10
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  componentResources:
    - componentName: Typha
      resourceRequirements:
        requests:
          cpu: 250m
`,
    source: 'Tigera operator of Calico 3.33, api/v1/installation_types.go',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const [field, instead] of SUCCESSORS) {
      const value = read(spec, field);
      if (isUnset(value)) continue;
      yield {
        path: ['spec', field],
        reason: 'FieldValueForbidden',
        problem: 'deprecated field',
        got: value,
        advice: instead,
      };
    }
  },
};
