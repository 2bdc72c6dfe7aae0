// This rule checks labels, annotations and node selectors of the components. The CRD accepts any text; the operator
// validates them as the API server validates those of a pod.
import { isLabelValue, isQualifiedName } from '../../formats/dns.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { readMap } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listOverrides } from './shared/overrides.ts';

const LABELS: readonly FieldPath[] = [
  ['metadata', 'labels'],
  ['spec', 'template', 'metadata', 'labels'],
  ['spec', 'template', 'spec', 'nodeSelector'],
];
const ANNOTATIONS: readonly FieldPath[] = [
  ['metadata', 'annotations'],
  ['spec', 'template', 'metadata', 'annotations'],
];

export const installationLabels: Rule<ObjectInput> = {
  id: 'tigera/installation-labels',
  title: 'labels and annotations of components must be valid in Kubernetes',
  action: 'deny',
  docs: {
    why: 'The operator rejects labels and annotations that the API server would not accept for a pod: it reports a degraded TigeraStatus and changes nothing.',
    fix: 'Write keys such as `example.org/team`, at most 63 characters after the `/`, and values of labels with at most 63 letters, digits, `-`, `_` and `.`. If a value does not fit into a label, use an annotation.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  typhaDeployment:
    metadata:
      labels:
        example.org/team: network
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  typhaDeployment:
    metadata:
      labels:
        example.org/team: Network and storage
`,
    source: 'Tigera operator of Calico 3.33, pkg/common/validation/overrides.go',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, values } of listOverrides(spec)) {
      for (const place of LABELS) {
        for (const [key, value] of Object.entries(readMap(values, ...place.map(String)) ?? {})) {
          yield* checkKey([...path, ...place, key], key, 'label');
          if (typeof value !== 'string' || isLabelValue(value)) continue;
          const advice = 'use at most 63 letters, digits, -, _ and dots';
          const problem = 'invalid label value';
          yield { path: [...path, ...place, key], reason: 'FieldValueInvalid', problem, got: value, advice };
        }
      }
      for (const place of ANNOTATIONS) {
        for (const key of Object.keys(readMap(values, ...place.map(String)) ?? {})) {
          // The API server accepts keys of annotations in any case.
          yield* checkKey([...path, ...place, key], key.toLowerCase(), 'annotation');
        }
      }
    }
  },
};

function* checkKey(path: FieldPath, key: string, what: string): Generator<Finding> {
  if (isQualifiedName(key)) return;
  yield {
    path,
    at: 'key',
    reason: 'FieldValueInvalid',
    problem: `invalid key of ${what === 'label' ? 'a label' : 'an annotation'}`,
    got: String(path.at(-1)),
    advice: 'write a key such as example.org/team, at most 63 characters after the /',
  };
}
