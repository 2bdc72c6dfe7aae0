// This rule checks the selectors of a policy and of its rules. No CRD checks their grammar. With a selector that cannot
// be parsed Felix drops the policy, or ignores the selector, and the policy then applies to more than intended. Which
// of the two happens depends on the field.
import type { FieldPath } from '../../policy/field-path.ts';
import { isUnset, read, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkSelector } from '../shared/selector-advice.ts';
import { isNamespaced, listAllEnds } from './shared/policy-rules.ts';

/** Felix prepends other conditions to these; an empty one then results in a text that cannot be parsed. */
const POLICY = ['selector', 'namespaceSelector', 'serviceAccountSelector'];
const RULE = [['selector'], ['notSelector'], ['namespaceSelector'], ['serviceAccounts', 'selector']];

export const policySelector: Rule<ObjectInput> = {
  id: 'calico/policy-selector',
  title: 'the selectors of a policy must be valid',
  action: 'deny',
  docs: {
    why: "A CRD accepts any text. With an invalid `selector`, of the policy or of a rule, Felix drops the whole policy (`Validation failed; treating as missing`), so it allows what the policy denies. Felix ignores an invalid `namespaceSelector` or `serviceAccountSelector`: the policy applies to all namespaces and the hosts, and can disconnect the cluster. Calico's API server rejects all of them.",
    fix: "Write `role == 'db'`, `role in {'db', 'cache'}`, `has(role)`, `!has(role)`, `all()`, joined with `&&` and `||`, on one line. Do not write `role=db`, a list or a map, and do not use `|` or `>` of YAML.",
    good: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: database
  namespace: shop
spec:
  selector: role == 'db' && !has(open)
  types: [Ingress]
  ingress:
  - action: Allow
    source:
      namespaceSelector: kubernetes.io/metadata.name == 'backend'
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: database
  namespace: shop
spec:
  selector: role = 'db'
  types: [Ingress]
  ingress:
  - action: Allow
    source:
      namespaceSelector: kubernetes.io/metadata.name == 'backend'
`,
    source:
      'Calico, libcalico-go selector parser; conversion and validation of policies for Felix, run: ignored, or selector dropped; projectcalico/calico#8008',
    since: '0.1.0',
  },
  *check({ object, spec }) {
    const inNamespace = isNamespaced(object);
    for (const field of POLICY) yield* checkSelector(['spec', field], read(spec, field));
    const isJoined =
      inNamespace || hasText(spec, 'namespaceSelector') || hasText(spec, 'serviceAccountSelector');
    if (isJoined) yield* checkBlank(['spec', 'selector'], read(spec, 'selector'));
    for (const { path, entity } of listAllEnds(spec)) {
      for (const field of RULE) yield* checkSelector([...path, ...field], read(entity, ...field));
      const isNarrowed =
        inNamespace || hasText(entity, 'namespaceSelector') || !isUnset(read(entity, 'serviceAccounts'));
      if (isNarrowed) yield* checkBlank([...path, 'selector'], read(entity, 'selector'));
    }
  },
};

function hasText(value: unknown, field: string): boolean {
  return (readString(value, field) ?? '') !== '';
}

/** Felix joins the selector with others, and then an expression is missing in `( ) && …`. */
function* checkBlank(path: FieldPath, got: unknown): Generator<Finding> {
  if (typeof got !== 'string' || got === '' || !/^[ \t]+$/.test(got)) return;
  const problem = 'the selector has only spaces, so Felix drops the policy';
  yield { path, reason: 'FieldValueInvalid', problem, got, advice: 'write all(), or remove it' };
}
