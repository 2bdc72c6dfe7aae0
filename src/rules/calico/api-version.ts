// Each of the two groups of Calico resources has one version: v3 for projectcalico.org, v1 for crd.projectcalico.org.
// No release serves the other combinations.
import type { Rule } from '../../policy/types.ts';
import { CALICO_APIS } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkApiVersion } from '../shared/api-version.ts';

const SERVED = CALICO_APIS.flatMap(({ group, versions }) => versions.map((version) => `${group}/${version}`));

export const calicoApiVersion: Rule<ObjectInput> = {
  id: 'calico/api-version',
  title: 'the apiVersion of a Calico resource should be one that Calico serves',
  action: 'warn',
  docs: {
    why: 'kubectl rejects the object: `no matches for kind … in version …`. The group `projectcalico.org` has the version `v3`, the storage format `crd.projectcalico.org` has `v1`, and no release has another one (projectcalico/calico#8008).',
    fix: 'Write `projectcalico.org/v3` where the cluster serves it (Calico API server, or Calico 3.32 with its own CRDs), otherwise `crd.projectcalico.org/v1`.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
`,
    bad: `
apiVersion: crd.projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
`,
    source: 'Calico 3.32, CRDs and API server; projectcalico/calico#8008',
    since: '0.1.0',
  },
  *check({ object }) {
    yield* checkApiVersion(object, SERVED);
  },
};
