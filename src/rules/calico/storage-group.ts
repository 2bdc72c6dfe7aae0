// crd.projectcalico.org/v1 is the format in which Calico stores its resources if there is no API for them. Its
// maintainers say that it is internal; it has almost no validation. Correct objects work, and the manifests of kOps
// and of the operator must use it, so this rule only runs in the audit.
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { STORAGE_GROUP } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';

export const storageGroup: Rule<ObjectInput> = {
  id: 'calico/storage-group',
  title: "the resource is in Calico's storage format",
  action: 'audit',
  docs: {
    why: 'The group `crd.projectcalico.org/v1` is the format in which Calico stores its resources. Its maintainers do not intend it for users: almost nothing is validated there, and it may change.',
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
      problem: 'the storage format of Calico, which has almost no validation',
      got: apiVersion,
      advice,
    };
  },
};
