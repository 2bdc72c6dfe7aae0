// This rule reports rules of a policy without effect, and directions that a policy has by default.
import { isUnset, type JsonObject, read, readList, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { STORAGE_GROUP } from '../../targets/calico.ts';
import type { ObjectInput } from '../../targets/object.ts';

const DIRECTIONS = [
  { type: 'Ingress', field: 'ingress', other: 'egress' },
  { type: 'Egress', field: 'egress', other: 'ingress' },
] as const;

export const policyWithoutEffect: Rule<ObjectInput> = {
  id: 'calico/policy-without-effect',
  title: 'the rules of a policy should match its types',
  action: 'warn',
  docs: {
    why: 'Rules of a direction that is not in `types` have no effect. Without `types`, Calico derives the directions from the rules, but not for objects of `crd.projectcalico.org/v1`: there Felix uses both directions, so a policy with only ingress rules denies all outgoing traffic. Policies before connection tracking or DNAT are for host endpoints, which have no namespace.',
    fix: 'Write `types` with each direction that has rules.',
    good: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  selector: role == 'web'
  types: [Ingress, Egress]
  ingress:
  - action: Allow
  egress:
  - action: Allow
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  selector: role == 'web'
  types: [Ingress]
  ingress:
  - action: Allow
  egress:
  - action: Allow
`,
    source:
      'Calico, Felix (policy_sorter.go, event_sequencer.go); api/admission, policies that complete types',
    since: '0.1.0',
  },
  *check({ object, spec }) {
    const types = readList(spec, 'types');
    // Felix only uses ingress of a policy before DNAT.
    const isIngressOnly = read(spec, 'preDNAT') === true;
    for (const { type, field, other } of DIRECTIONS) {
      if (readList(spec, field).length === 0) continue;
      if (types.length > 0 && !types.some((each) => isType(each, type))) {
        const problem = `${type} is not in types, so the rules have no effect`;
        yield {
          path: ['spec', field],
          at: 'key',
          reason: 'FieldValueForbidden',
          problem,
          advice: `add ${type} to types`,
        };
      } else if (
        isStored(object) &&
        isUnset(read(spec, 'types')) &&
        readList(spec, other).length === 0 &&
        !(isIngressOnly && other === 'egress')
      ) {
        const problem = `without types the policy also denies all ${other} here`;
        yield { path: ['spec', 'types'], reason: 'FieldValueRequired', problem, advice: `write [${type}]` };
      }
    }
    yield* checkHostEndpoints(spec);
  },
};

function* checkHostEndpoints(spec: JsonObject): Generator<Finding> {
  const got = readString(spec, 'namespaceSelector') ?? '';
  const field = ['doNotTrack', 'preDNAT'].find((each) => read(spec, each) === true);
  if (got === '' || field === undefined) return;
  const problem = `${field} is for host endpoints, which have no namespace`;
  yield {
    path: ['spec', 'namespaceSelector'],
    reason: 'FieldValueForbidden',
    problem,
    got,
    advice: 'remove it',
  };
}

/** In any case, as Felix compares. */
function isType(value: unknown, type: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === type.toLowerCase();
}

function isStored(object: JsonObject): boolean {
  return readString(object, 'apiVersion')?.startsWith(`${STORAGE_GROUP}/`) === true;
}
