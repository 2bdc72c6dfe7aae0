// global() means what is in no namespace. It stands alone in the namespaceSelector of a rule, and nowhere else.
import type { FieldPath } from '../../policy/field-path.ts';
import { readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listAllEnds } from './shared/policy-rules.ts';

const ALONE = /^[ \t]*global\([ \t]*\)[ \t]*$/;

export const policyGlobalSelector: Rule<ObjectInput> = {
  id: 'calico/policy-global-selector',
  title: 'global() stands alone, in the namespaceSelector of a rule',
  action: 'warn',
  docs: {
    why: "Calico's API server and `calicoctl` reject `global()` in any other selector, and together with anything else; the CRDs of Calico 3.33 reject it as well. Where it is stored, it does not do what it says.",
    fix: 'Write `namespaceSelector: global()` in `source` or `destination` of a rule, for host endpoints and GlobalNetworkSets; elsewhere select by labels.',
    good: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: from-partners
spec:
  selector: role == 'db'
  types: [Ingress]
  ingress:
  - action: Allow
    source:
      selector: role == 'partner'
      namespaceSelector: global()
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: from-partners
spec:
  selector: role == 'db'
  types: [Ingress]
  ingress:
  - action: Allow
    source:
      selector: role == 'partner' && global()
`,
    source: 'Calico, libcalico-go validator; CRDs of policies of the branch for 3.33: validation rules',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const field of ['selector', 'namespaceSelector', 'serviceAccountSelector']) {
      yield* checkText(['spec', field], readString(spec, field));
    }
    for (const { path, entity } of listAllEnds(spec)) {
      yield* checkText([...path, 'selector'], readString(entity, 'selector'));
      const namespaces = readString(entity, 'namespaceSelector') ?? '';
      if (!namespaces.includes('global(') || ALONE.test(namespaces)) continue;
      const problem = 'global() beside others, rejected from Calico 3.33 on';
      yield invalid([...path, 'namespaceSelector'], namespaces, problem, 'write global() alone');
    }
  },
};

function* checkText(path: FieldPath, got = ''): Generator<Finding> {
  if (!got.includes('global(')) return;
  const problem = 'global() cannot stand here, rejected from Calico 3.33 on';
  yield invalid(path, got, problem, 'write it as namespaceSelector of a rule');
}

function invalid(path: FieldPath, got: string, problem: string, advice: string): Finding {
  return { path, reason: 'FieldValueForbidden', problem, got, advice };
}
