// The IP families decide which pools Calico gets, and can hardly be changed later. Only IPv4, IPv6 or both are valid,
// each once and with capital letters. For any other value no pool is created, and pods get no address of that family.

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
  title: 'ipFamilies must be IPv4, IPv6 or both',
  action: 'deny',
  docs: {
    why: 'The families decide which address pools Calico gets. Gardener rejects any others, and a Shoot cannot freely change them later.',
    fix: 'Write `[IPv4]`, `[IPv6]`, `[IPv4, IPv6]` or `[IPv6, IPv4]`, or remove the field to use IPv4.',
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
    // One finding for all unknown names: they have the same path and the same advice.
    const [finding] = checkAllowedValue({
      path: ipFamiliesPath,
      value: unknown,
      problem: 'unsupported IP family',
      allowed: FAMILIES,
    });
    // The path leads to the list, and a word must not replace it.
    if (finding !== undefined) yield { ...finding, fix: undefined };
    yield* checkCount(families, countItems(input, ipFamiliesPath), ipFamiliesPath);
  },
};

function* checkCount(families: readonly unknown[], count: number, path: FieldPath): Generator<Finding> {
  const [first, second] = families;
  if (count > FAMILIES.length) {
    const problem = `there are only two IP families, not ${count}`;
    yield { path, reason: 'FieldValueInvalid', problem, advice: 'write each family at most once' };
  } else if (typeof first === 'string' && first === second && FAMILIES.includes(first)) {
    const other = first === 'IPv4' ? 'IPv6' : 'IPv4';
    yield {
      path,
      reason: 'FieldValueDuplicate',
      problem: 'the list has this family twice',
      got: first,
      advice: `remove one, or replace one with ${other}`,
    };
  }
}
