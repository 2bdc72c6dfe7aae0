// Selectors of a policy and of its rules. No CRD looks at their grammar. With one that cannot be read Felix drops the
// policy, or goes on without the selector, and the policy is then about more than was meant: which of the two depends on
// the field.
import type { FieldPath } from '../../policy/field-path.ts';
import { isUnset, read, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkSelector } from '../shared/selector-advice.ts';
import { isNamespaced, listAllEnds } from './shared/policy-rules.ts';

/** Those that Felix puts more in front of; a blank one then makes a text that cannot be read. */
const POLICY = ['selector', 'namespaceSelector', 'serviceAccountSelector'];
const RULE = [['selector'], ['notSelector'], ['namespaceSelector'], ['serviceAccounts', 'selector']];

export const policySelector: Rule<ObjectInput> = {
  id: 'calico/policy-selector',
  title: 'the selectors of a policy can be read',
  action: 'deny',
  docs: {
    why: "A CRD takes any text. With a bad `selector`, there or in a rule, Felix drops the whole policy (`Validation failed; treating as missing`), so that what it denies is allowed. With a bad `namespaceSelector` or `serviceAccountSelector` it goes on without it: the policy is about all namespaces and the hosts, and can cut off the cluster. Calico's API server rejects all of them.",
    fix: "Write `role == 'db'`, `role in {'db', 'cache'}`, `has(role)`, `!has(role)`, `all()`, joined with `&&` and `||`, in one line: neither `role=db` nor a list nor a map, and no `|` or `>` of YAML.",
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

/** Felix joins the selector with others, and finds an expression missing in `( ) && …`. */
function* checkBlank(path: FieldPath, got: unknown): Generator<Finding> {
  if (typeof got !== 'string' || got === '' || !/^[ \t]+$/.test(got)) return;
  const problem = 'nothing but blanks, for which Felix drops the policy';
  yield { path, reason: 'FieldValueInvalid', problem, got, advice: 'write all(), or remove it' };
}
