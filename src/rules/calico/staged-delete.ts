// A staged deletion names the policy, and has no other settings.
import { isUnset, type JsonObject, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const KEPT = ['stagedAction', 'tier'];

export const stagedDelete: Rule<ObjectInput> = {
  id: 'calico/staged-delete',
  title: 'a staged deletion should have no rules',
  action: 'warn',
  docs: {
    why: "Calico's API server and `calicoctl` reject `stagedAction: Delete` with any other field but the tier. With CRDs it is stored, and the other fields have no effect.",
    fix: 'Remove all fields except `stagedAction` and `tier`, or write `stagedAction: Set`.',
    good: `
apiVersion: projectcalico.org/v3
kind: StagedNetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  stagedAction: Delete
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: StagedNetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  stagedAction: Delete
  selector: role == 'web'
`,
    source: 'Calico, libcalico-go validator (validateStagedNetworkPolicy, validateStagedGlobalNetworkPolicy)',
    since: '0.1.0',
  },
  *check({ spec }) {
    if (read(spec, 'stagedAction') !== 'Delete') return;
    const field = Object.keys(spec).find((name) => !KEPT.includes(name) && isWritten(spec, name));
    if (field === undefined) return;
    const problem = "not allowed with stagedAction: Delete by Calico's API server";
    yield { path: ['spec', field], at: 'key', reason: 'FieldValueForbidden', problem, advice: 'remove it' };
  },
};

function isWritten(spec: JsonObject, field: string): boolean {
  const value = read(spec, field);
  return !isUnset(value) && value !== '' && value !== false;
}
