// This rule checks numbers that the CRD of the Installation limits, or that the operator decodes into 32 bits.
import type { Rule } from '../../policy/types.ts';
import { boundsOf } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkNumber } from '../shared/number-range.ts';

export const installationNumber: Rule<ObjectInput> = {
  id: 'tigera/installation-number',
  title: 'numbers of an Installation must be in their ranges',
  action: 'deny',
  docs: {
    why: 'The API server rejects a number outside the range of the CRD. From Kubernetes 1.36 on it also rejects a number of more than 32 bits; before, the operator cannot decode the Installation and changes nothing. The operator rejects a negative `terminationGracePeriodSeconds`.',
    fix: 'Write a number in the range from the message, or remove the field.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNodeDaemonSet:
    spec:
      minReadySeconds: 10
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNodeDaemonSet:
    spec:
      minReadySeconds: -1
`,
    source:
      'Tigera operator of Calico 3.33, CRD of Installation: minimum, maximum and format int32; pkg/common/validation/overrides.go',
    since: '0.1.0',
  },
  *check({ values }) {
    for (const { keyword, path, value, schema } of values()) {
      if (keyword !== 'minimum' && keyword !== 'maximum') continue;
      yield* checkNumber({ path, value, ...boundsOf(schema), what: 'number' });
    }
  },
};
