// The Installation has only one API version.
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkApiVersion } from '../shared/api-version.ts';

export const installationApiVersion: Rule<ObjectInput> = {
  id: 'tigera/installation-api-version',
  title: 'the apiVersion of an Installation should be one that exists',
  action: 'warn',
  docs: {
    why: 'kubectl rejects the object: `no matches for kind "Installation" in version …`. No release of the operator has another version than `v1`.',
    fix: 'Write `operator.tigera.io/v1`.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec: {}
`,
    bad: `
apiVersion: operator.tigera.io/v1beta1
kind: Installation
metadata:
  name: default
spec: {}
`,
    source: 'Tigera operator, CRD of Installation: versions',
    since: '0.1.0',
  },
  *check({ object }) {
    yield* checkApiVersion(object, ['operator.tigera.io/v1']);
  },
};
