// The IP families decide which pools Calico gets, and can hardly be changed later. Only IPv4, IPv6 or both make sense,
// each once and in capital letters; with anything else no pool is made for the family, and pods get no address of it.

import shoot from '../../kinds/shoot.json' with { type: 'json' };
import type { FieldPath } from '../../policy/field-path.ts';
import { readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { NetworkConfigInput } from '../../targets/network-config.ts';
import { countItems } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

const FAMILIES = wordsAt(shoot, 'spec', 'networking', 'ipFamilies', 'items');

export const ipFamilies: Rule<NetworkConfigInput> = {
  id: 'shoot/ip-families',
  title: 'the IP families are IPv4, IPv6 or both',
  action: 'deny',
  docs: {
    why: 'The families decide which address pools Calico gets. Gardener refuses any others, and a Shoot cannot change them freely later.',
    fix: 'Write `[IPv4]`, `[IPv6]`, `[IPv4, IPv6]` or `[IPv6, IPv4]`, or leave the field out for IPv4.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    ipFamilies: [IPv4, IPv6]
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    ipFamilies: [ipv4, ipv6]
`,
    source: 'gardener-extension-networking-calico, pkg/admission/validator (validation of spec.networking)',
    since: '0.1.0',
  },
  *check(input) {
    const { object, ipFamiliesPath } = input;
    const families = readList(object, ...ipFamiliesPath);
    const unknown = families.find((family) => typeof family === 'string' && !FAMILIES.includes(family));
    // One finding for all unknown names: they stand at one path, and the answer to all of them is the same.
    const [finding] = checkAllowedValue({
      path: ipFamiliesPath,
      value: unknown,
      problem: 'not an IP family',
      allowed: FAMILIES,
    });
    // What stands at the path is the list, and a word must not take its place.
    if (finding !== undefined) yield { ...finding, fix: undefined };
    yield* checkCount(families, countItems(input, ipFamiliesPath), ipFamiliesPath);
  },
};

function* checkCount(families: readonly unknown[], count: number, path: FieldPath): Generator<Finding> {
  const [first, second] = families;
  if (count > FAMILIES.length) {
    const problem = `there are only two IP families, not ${count}`;
    yield { path, reason: 'FieldValueInvalid', problem, advice: 'name each at most once' };
  } else if (typeof first === 'string' && first === second && FAMILIES.includes(first)) {
    const other = first === 'IPv4' ? 'IPv6' : 'IPv4';
    yield {
      path,
      reason: 'FieldValueDuplicate',
      problem: 'the family is named twice',
      got: first,
      advice: `keep it once, or write ${other} for the other`,
    };
  }
}
