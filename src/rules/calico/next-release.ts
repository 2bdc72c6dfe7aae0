// What the next release of Calico rejects and all current releases accept: the object works until the upgrade, and
// from then on it can no longer be changed.
import { isBelow, parseVersion } from '../../formats/version.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { Release } from '../../policy/versions.ts';
import { boundsOf, type ValueProblem, wordsOf } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { findLimit } from './limit.ts';

export const calicoNextRelease: Rule<ObjectInput> = {
  id: 'calico/next-release',
  title: 'an object should also be valid for the next release of Calico',
  action: 'warn',
  docs: {
    why: 'Calico 3.33, which is not released yet, limits texts and lists that older releases accept in any size, and has new fields with their own words. An object beyond these limits works until the upgrade; afterwards every change of it is rejected.',
    fix: 'Follow the message before the upgrade: use a shorter text or list, for example with a new label or a GlobalNetworkSet, or one of the words. If you keep an older Calico, set `versions.calico`; then this rule reports nothing.',
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

/** Whether the user says which release runs, and it is an older one. */
function isOlder(release: Release, since: string): boolean {
  const version = parseVersion(since);
  return !release.isAssumed && version !== undefined && isBelow(release, version.major, version.minor);
}

function describeProblem(problem: ValueProblem, input: ObjectInput): Finding | undefined {
  const rejected = `rejected by Calico ${problem.since} and later`;
  const limit = findLimit(problem, input);
  if (limit !== undefined) return { ...limit, problem: `${limit.problem}, ${rejected}` };
  const { keyword, path, value, schema } = problem;
  if (keyword === 'enum') {
    const wrong = `unsupported value, ${rejected}`;
    return checkAllowedValue({ path, value, problem: wrong, allowed: wordsOf(schema) })[0];
  }
  const { min, max } = boundsOf(problem.schema);
  const advice = `use a value from ${min} to ${max}`;
  return { path, reason: 'FieldValueInvalid', problem: `out of range, ${rejected}`, got: value, advice };
}
