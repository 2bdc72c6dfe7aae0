// The CRD of the Installation has a type for every field, and the API server rejects anything else; kubectl reports it
// only when the object is applied. Numbers in quotes are the most common mistake: mtu and blockSize are numbers here,
// unlike in a Shoot.
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const installationWrongType: Rule<ObjectInput> = {
  id: 'tigera/installation-wrong-type',
  title: 'every field of an Installation must have the right type',
  action: 'deny',
  docs: {
    why: 'The API server rejects an Installation with a value of the wrong type.',
    fix: 'Write the type from the message.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    mtu: 1440
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    mtu: "1440"
`,
    source: 'Tigera operator, CRD of Installation',
    since: '0.1.0',
  },
  *check({ shape }) {
    yield* shape.filter((problem) => problem.kind === 'wrong-type');
  },
};
