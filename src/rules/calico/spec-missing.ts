// This rule reports an object without a spec. The CRDs of projectcalico.org/v3, which exist from Calico 3.32 on,
// require a spec, which may be empty. Two of the CRDs of the storage group also do. A file that only names an object to
// delete needs none.
import { isBelow } from '../../formats/version.ts';
import { isUnset, type JsonObject, read, readMap, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { STORAGE_GROUP } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** Kinds whose CRD in the storage group rejects an object without a spec, from Calico 3.32 on. */
const REJECTED_IN_STORAGE: readonly string[] = ['FelixConfiguration', 'Tier'];

/** Kinds with one permanent object in each cluster: there are no files to delete it. */
const ONE_OF_A_CLUSTER: readonly string[] = ['BGPConfiguration', 'FelixConfiguration', 'IPAMConfiguration'];

/** calico/ippool-cidr and calico/kube-controllers-setting report the field that these need. */
const NEED_A_FIELD: readonly string[] = ['IPPool', 'KubeControllersConfiguration'];

export const specMissing: Rule<ObjectInput> = {
  id: 'calico/spec-missing',
  title: 'an object should have a spec',
  action: 'warn',
  docs: {
    why: "The CRDs of `projectcalico.org/v3` (Calico 3.32 and later) reject an object without `spec`. Calico's own API server accepts it, except for an IPPool; the object has no settings. Of the CRDs of `crd.projectcalico.org/v1`, those of FelixConfiguration and Tier reject it from 3.32 on. A file with only names is not reported: it says what to delete.",
    fix: 'Write `spec`, and indent its fields below it.',
    good: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkSet
metadata:
  name: partners
  labels:
    role: partner
spec:
  nets: [192.0.2.0/24]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkSet
metadata:
  name: partners
  labels:
    role: partner
spec:
`,
    source: 'Calico 3.32, CRDs of projectcalico.org/v3 and crd.projectcalico.org/v1: required fields',
    since: '0.1.0',
  },
  *check({ object }, { versions }) {
    if (!isUnset(read(object, 'spec')) || isBelow(versions.calico, 3, 32)) return;
    const group = readString(object, 'apiVersion')?.split('/', 1)[0];
    const kind = readString(object, 'kind') ?? '';
    if (NEED_A_FIELD.includes(kind)) return;
    if (group === STORAGE_GROUP && !REJECTED_IN_STORAGE.includes(kind)) return;
    if (namesOnly(object) && !ONE_OF_A_CLUSTER.includes(kind)) return;
    const problem = 'the field is missing, and the CRDs of Calico 3.32 and later reject that';
    yield {
      path: ['spec'],
      reason: 'FieldValueRequired',
      problem,
      advice: 'add the settings of the object',
    };
  },
};

/** Only the identity of the object. An object from an API server has more metadata. */
function namesOnly(object: JsonObject): boolean {
  const metadata = readMap(object, 'metadata') ?? {};
  return (
    Object.keys(object).every((key) => ['apiVersion', 'kind', 'metadata'].includes(key)) &&
    Object.keys(metadata).every((key) => ['name', 'namespace'].includes(key))
  );
}
