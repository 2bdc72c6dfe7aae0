// An object without a spec. The CRDs of projectcalico.org/v3, which exist from Calico 3.32 on, want one, if only an empty
// one. Of the CRDs of the storage group two do. A file that names what is to be deleted needs none.
import { isBelow } from '../../formats/version.ts';
import { isUnset, type JsonObject, read, readMap, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { STORAGE_GROUP } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';

/** Kinds whose CRD in the storage group rejects an object without a spec, from Calico 3.32 on. */
const REJECTED_IN_STORAGE: readonly string[] = ['FelixConfiguration', 'Tier'];

/** Kinds of which a cluster has one that stays: nobody writes a file to delete it. */
const ONE_OF_A_CLUSTER: readonly string[] = ['BGPConfiguration', 'FelixConfiguration', 'IPAMConfiguration'];

/** calico/ippool-cidr and calico/kube-controllers-setting say which field these need. */
const NEED_A_FIELD: readonly string[] = ['IPPool', 'KubeControllersConfiguration'];

export const specMissing: Rule<ObjectInput> = {
  id: 'calico/spec-missing',
  title: 'an object has a spec',
  action: 'warn',
  docs: {
    why: "The CRDs of `projectcalico.org/v3` (Calico 3.32 and later) reject an object without `spec`. Calico's own API server takes it, except an IPPool; it says nothing. Of the CRDs of `crd.projectcalico.org/v1` those of FelixConfiguration and Tier reject it from 3.32 on. A file with nothing but names is left alone: it says what is to be deleted.",
    fix: 'Write `spec`; mind that in YAML what belongs to it is indented.',
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
    const problem = 'nothing where its settings belong, which the CRDs of Calico 3.32 and later reject';
    yield { path: ['spec'], reason: 'FieldValueRequired', problem, advice: 'write what the object says' };
  },
};

/** Nothing but which object it is. What comes from an API server has more metadata than that. */
function namesOnly(object: JsonObject): boolean {
  const metadata = readMap(object, 'metadata') ?? {};
  return (
    Object.keys(object).every((key) => ['apiVersion', 'kind', 'metadata'].includes(key)) &&
    Object.keys(metadata).every((key) => ['name', 'namespace'].includes(key))
  );
}
