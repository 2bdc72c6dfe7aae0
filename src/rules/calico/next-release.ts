// What the next release of Calico rejects, and all that can be had today still take: it works until the upgrade, and from
// then on the object cannot be changed any more.
import { isBelow, parseVersion } from '../../formats/version.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { Release } from '../../policy/versions.ts';
import { boundsOf, type ValueProblem, wordsOf } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { findLimit } from './limit.ts';

export const calicoNextRelease: Rule<ObjectInput> = {
  id: 'calico/next-release',
  title: 'the next release of Calico takes the object as well',
  action: 'warn',
  docs: {
    why: 'Calico 3.33, which is not released yet, bounds texts and lists that older releases take as they are, and has new fields with words of their own. An object beyond the bounds works until the upgrade; after it every change of the object is rejected.',
    fix: 'Write what the message says before the upgrade: a shorter text or list, such as by a label or a GlobalNetworkSet of its own, or one of the words. Where an older Calico stays, set `versions.calico`, and the rule is silent.',
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
  *check(input, { versions }) {
    for (const problem of input.values()) {
      if (problem.since === undefined || isOlder(versions.calico, problem.since)) continue;
      const finding = describeProblem(problem, input);
      if (finding !== undefined) yield finding;
    }
  },
};

/** Whether somebody said which release runs, and it is an older one. */
function isOlder(release: Release, since: string): boolean {
  const version = parseVersion(since);
  return !release.isAssumed && version !== undefined && isBelow(release, version.major, version.minor);
}

function describeProblem(problem: ValueProblem, input: ObjectInput): Finding | undefined {
  const rejected = `rejected from Calico ${problem.since} on`;
  const limit = findLimit(problem, input);
  if (limit !== undefined) return { ...limit, problem: `${limit.problem}, ${rejected}` };
  const { keyword, path, value, schema } = problem;
  if (keyword === 'enum') {
    const wrong = `not a value of this field, ${rejected}`;
    return checkAllowedValue({ path, value, problem: wrong, allowed: wordsOf(schema) })[0];
  }
  const { min, max } = boundsOf(problem.schema);
  const advice = `use a value from ${min} to ${max}`;
  return { path, reason: 'FieldValueInvalid', problem: `out of bounds, ${rejected}`, got: value, advice };
}
