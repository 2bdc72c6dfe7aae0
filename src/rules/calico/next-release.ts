// What the next release of Calico refuses, and all that can be had today still take: it works until the upgrade, and from
// then on the object cannot be changed any more.
import type { Finding, Rule } from '../../policy/types.ts';
import { boundsOf, type ValueProblem } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { findLimit } from './limit.ts';

export const calicoNextRelease: Rule<ObjectInput> = {
  id: 'calico/next-release',
  title: 'the next release of Calico takes the object as well',
  action: 'warn',
  docs: {
    why: 'Calico 3.33, which is not released yet, bounds texts and lists that older releases take as they are. An object beyond the bounds works until the upgrade; after it every change of the object is refused.',
    fix: 'Shorten the text or the list before the upgrade, such as by a label or a GlobalNetworkSet of its own.',
    good: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: no-partners
spec:
  selector: role == 'db'
  types: [Ingress]
  ingress:
  - action: Deny
    source:
      notNets: [192.0.2.0/24, 198.51.100.0/24]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: no-partners
spec:
  selector: role == 'db'
  types: [Ingress]
  ingress:
  - action: Deny
    source:
      notNets: [192.0.2.0/24, 192.0.2.0/24]
`,
    source: 'Calico, CRDs of the branch for 3.33: maxLength, maxItems, maximum and lists of type set',
    since: '0.1.0',
  },
  *check(input) {
    for (const problem of input.values()) {
      const finding = problem.since === undefined ? undefined : describeProblem(problem, input);
      if (finding !== undefined) yield finding;
    }
  },
};

function describeProblem(problem: ValueProblem, input: ObjectInput): Finding | undefined {
  const refused = `refused from Calico ${problem.since} on`;
  const limit = findLimit(problem, input);
  if (limit !== undefined) return { ...limit, problem: `${limit.problem}, ${refused}` };
  const { path, value } = problem;
  const { min, max } = boundsOf(problem.schema);
  const advice = `write ${min} to ${max}`;
  return { path, reason: 'FieldValueInvalid', problem: `out of bounds, ${refused}`, got: value, advice };
}
