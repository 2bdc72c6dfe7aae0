// This rule reports fields of the Installation that the operator has replaced. They still work, or have no effect:
// componentResources and typhaAffinity are replaced by fields for each component; calicoWindowsUpgradeDaemonSet has no
// replacement. A later release will remove them.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const SUCCESSORS: ReadonlyMap<string, string> = new Map([
  ['componentResources', 'use the fields of the components, such as calicoNodeDaemonSet'],
  ['typhaAffinity', 'use typhaDeployment'],
  ['calicoWindowsUpgradeDaemonSet', 'remove it'],
]);

export const installationDeprecatedField: Rule<ObjectInput> = {
  id: 'tigera/installation-deprecated-field',
  title: 'deprecated fields should not be used',
  action: 'warn',
  docs: {
    why: 'The operator still reads the field, or already ignores it, and a later release removes it.',
    fix: 'Use the field from the message instead.',
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
