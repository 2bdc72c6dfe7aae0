// global() selects what is in no namespace. It is only valid alone, in the namespaceSelector of a rule.
import type { FieldPath } from '../../policy/field-path.ts';
import { readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listAllEnds } from './shared/policy-rules.ts';

const ALONE = /^[ \t]*global\([ \t]*\)[ \t]*$/;

export const policyGlobalSelector: Rule<ObjectInput> = {
  id: 'calico/policy-global-selector',
  title: 'global() should only be used alone, in the namespaceSelector of a rule',
  action: 'warn',
  docs: {
    why: "Calico's API server and `calicoctl` reject `global()` in any other selector, and together with anything else; the CRDs of Calico 3.33 reject it too. Where it is stored, it does not have its effect.",
    fix: 'Write `namespaceSelector: global()` in the `source` or `destination` of a rule to match host endpoints and GlobalNetworkSets. Elsewhere select by labels.',
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
      const problem = 'global() must be alone, and Calico 3.33 and later reject this';
      yield invalid([...path, 'namespaceSelector'], namespaces, problem, 'write global() alone');
    }
  },
};

function* checkText(path: FieldPath, got = ''): Generator<Finding> {
  if (!got.includes('global(')) return;
  const problem = 'global() is not allowed here, and Calico 3.33 and later reject it';
  yield invalid(path, got, problem, 'write it as namespaceSelector of a rule');
}

function invalid(path: FieldPath, got: string, problem: string, advice: string): Finding {
  return { path, reason: 'FieldValueForbidden', problem, got, advice };
}
