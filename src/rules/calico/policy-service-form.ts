// Services in rules, beyond what the released CRDs check: where they are allowed, and with which other fields.
import { isDns1123Subdomain } from '../../formats/dns.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { isMap, isUnset, read, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { isNamespaced, listAllEnds, type RuleEnd } from './shared/policy-rules.ts';

const OTHERS = ['selector', 'notSelector', 'namespaceSelector', 'nets', 'notNets', 'serviceAccounts'];

export const policyServiceForm: Rule<ObjectInput> = {
  id: 'calico/policy-service-form',
  title: 'a Service in a rule should be complete, on the far side, and without selectors',
  action: 'warn',
  docs: {
    why: "Calico's API server and `calicoctl` reject the rule, and the CRDs of 3.33 reject most of these. Current CRDs store it. A GlobalNetworkPolicy has no namespace; if `services` has none either, Felix looks for a Service that cannot exist, and the rule matches nothing.",
    fix: 'Write `services` with a name, and in a GlobalNetworkPolicy also a namespace: in `source` of ingress rules or `destination` of egress rules, without selectors and ranges.',
    good: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: to-api
spec:
  selector: all()
  types: [Egress]
  egress:
  - action: Allow
    destination:
      services:
        name: kubernetes
        namespace: default
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: to-api
spec:
  selector: all()
  types: [Egress]
  egress:
  - action: Allow
    destination:
      services:
        name: kubernetes
`,
    source:
      'Calico, libcalico-go validator; CRDs of policies of the branch for 3.33: validation rules; Felix (rule_scanner.go)',
    since: '0.1.0',
  },
  *check({ object, spec }) {
    const needsNamespace = !isNamespaced(object);
    for (const { rule, ...end } of listAllEnds(spec)) {
      const services = read(end.entity, 'services');
      if (!isMap(services)) continue;
      yield* checkPlace(end, rule.direction === 'ingress' ? 'source' : 'destination');
      const path = [...end.path, 'services'];
      for (const field of ['name', 'namespace']) {
        const value = readString(services, field) ?? '';
        if (value !== '') yield* checkForm([...path, field], value);
        else if (field === 'name' || needsNamespace) yield missing([...path, field]);
      }
    }
  },
};

function missing(path: FieldPath): Finding {
  const problem = `the ${path.at(-1)} of the Service is missing, so the rule matches nothing`;
  return { path, reason: 'FieldValueRequired', problem, advice: 'add it' };
}

function* checkForm(path: FieldPath, got: string): Generator<Finding> {
  if (isDns1123Subdomain(got)) return;
  const problem = `no ${path.at(-1) === 'name' ? 'Service' : 'namespace'} can have this name, so the rule matches nothing`;
  const advice = 'write lower-case letters, digits and -';
  yield { path, reason: 'FieldValueInvalid', problem, got, advice };
}

function* checkPlace({ path, end, entity }: RuleEnd, side: RuleEnd['end']): Generator<Finding> {
  const at = { path: [...path, 'services'], at: 'key', reason: 'FieldValueForbidden' } as const;
  if (end !== side) {
    const problem = "Calico's API server does not allow services here";
    yield { ...at, problem, advice: `write it in ${side}` };
  }
  const beside = OTHERS.filter((field) => isWritten(read(entity, field)));
  const [first] = beside;
  if (first === undefined) return;
  const problem = `cannot be combined with ${first}, and Calico 3.33 and later reject it`;
  yield { ...at, problem, advice: 'write two rules' };
}

function isWritten(value: unknown): boolean {
  return !isUnset(value) && value !== '' && !(Array.isArray(value) && value.length === 0);
}
