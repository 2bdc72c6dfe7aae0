// This rule checks requests and limits of the containers that the operator installs. The CRD has a pattern for
// quantities, so an invalid one never reaches the operator.
import { parseQuantity } from '../../formats/quantity.ts';
import { readMap } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listResources } from './shared/overrides.ts';

export const installationQuantity: Rule<ObjectInput> = {
  id: 'tigera/installation-quantity',
  title: 'requests and limits of an Installation must be quantities',
  action: 'deny',
  docs: {
    why: 'The API server rejects an Installation with requests or limits that are not quantities.',
    fix: 'Write a number with a unit of Kubernetes: `250m` or `1` for cpu, `128Mi` or `1Gi` for memory.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNodeDaemonSet:
    spec:
      template:
        spec:
          containers:
            - name: calico-node
              resources:
                requests:
                  memory: 128Mi
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNodeDaemonSet:
    spec:
      template:
        spec:
          containers:
            - name: calico-node
              resources:
                requests:
                  memory: 128MB
`,
    source: 'Tigera operator of Calico 3.33, CRD of Installation: pattern of quantities',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, values } of listResources(spec)) {
      for (const field of ['requests', 'limits']) {
        for (const [name, value] of Object.entries(readMap(values, field) ?? {})) {
          if (typeof value !== 'string' || isQuantity(value)) continue;
          const advice = `write a quantity such as ${name === 'cpu' ? '250m' : '128Mi'}`;
          yield {
            path: [...path, field, name],
            reason: 'FieldValueInvalid',
            problem: 'invalid quantity',
            got: value,
            advice,
          };
        }
      }
    }
  },
};

/** Without spaces and with a digit. The pattern requires both, but the Kubernetes decoder does not. */
function isQuantity(value: string): boolean {
  return parseQuantity(value) !== undefined && !/\s/.test(value) && /^[+-]?\.?[0-9]/.test(value);
}
