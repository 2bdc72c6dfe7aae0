// kOps cannot decode a Cluster in which a field has the wrong JSON type, a number does not fit into 32 bits, or a
// quantity is invalid: it rejects the whole file, with an error of its decoder. Looks at the settings of Calico and at
// the fields that the other rules read.
import { parseQuantity } from '../../formats/quantity.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { inCalico, ONLY_IN_V1ALPHA2 } from './shared/calico-field.ts';

const NUMBERS = ['typhaReplicas', 'prometheusMetricsPort', 'typhaPrometheusMetricsPort'];
const LARGEST = 2 ** 31 - 1;

export const wrongType: Rule<KopsClusterInput> = {
  id: 'kops/wrong-type',
  title: 'every field must have the right type',
  action: 'deny',
  docs: {
    why: 'If one value has the wrong type, kOps cannot decode the Cluster.',
    fix: 'Write the type from the message.',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      typhaReplicas: 3
`,
    bad: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      typhaReplicas: "3"
`,
    source: 'kOps, pkg/apis/kops/v1alpha2/networking.go',
    since: '0.1.0',
  },
  *check({ shape, calico, version }) {
    // A dropped field has no type.
    const isDropped = (path: FieldPath) =>
      version === 'v1alpha3' && ONLY_IN_V1ALPHA2.some((name) => path.join() === inCalico(name).join());
    yield* shape.filter(({ kind, path }) => kind === 'wrong-type' && !isDropped(path));
    for (const name of NUMBERS) {
      const value = read(calico, name);
      if (typeof value !== 'number' || value <= LARGEST) continue;
      yield {
        path: inCalico(name),
        reason: 'FieldValueTypeInvalid',
        problem: 'does not fit into 32 bits',
        got: value,
        advice: 'write a smaller number',
      };
    }
    const cpu = read(calico, 'cpuRequest');
    if (isUnset(cpu) || !(typeof cpu === 'string' || typeof cpu === 'number')) return;
    if (parseQuantity(cpu) !== undefined) return;
    yield {
      path: inCalico('cpuRequest'),
      reason: 'FieldValueTypeInvalid',
      problem: 'invalid quantity',
      got: cpu,
      advice: 'write a number of CPUs, such as 250m',
    };
  },
};
