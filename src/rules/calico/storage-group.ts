// crd.projectcalico.org/v1 is how Calico stores its resources where there is no API for them; in its maintainers' words
// it is internal, and without most checks. What is written there works as far as it is right, and the manifests of
// kOps and of the operator have to use it, so this is for the audit only.
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { STORAGE_GROUP } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const storageGroup: Rule<ObjectInput> = {
  id: 'calico/storage-group',
  title: "a resource is written in Calico's storage format",
  action: 'audit',
  docs: {
    why: 'The group `crd.projectcalico.org/v1` is the format in which Calico stores its resources. Its maintainers do not mean it for users: next to nothing is checked there, and it may change.',
    fix: 'Write `apiVersion: projectcalico.org/v3` where the cluster serves it (Calico API server, or Calico 3.32 with its own CRDs), or use `calicoctl`.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
`,
    bad: `
apiVersion: crd.projectcalico.org/v1
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
`,
    source: 'projectcalico/calico#4946',
    since: '0.1.0',
  },
  *check({ object }) {
    const apiVersion = readString(object, 'apiVersion');
    if (apiVersion?.startsWith(`${STORAGE_GROUP}/`) !== true) return;
    const advice = 'write projectcalico.org/v3 where the cluster serves it';
    yield {
      path: ['apiVersion'],
      reason: 'FieldValueNotSupported',
      problem: 'the format in which Calico stores it, hardly checked',
      got: apiVersion,
      advice,
    };
  },
};
