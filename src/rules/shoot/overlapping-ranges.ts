// pods, nodes and services of one Shoot, as far as they are set: no two of them share an address. Gardener's own
// admission rejects such a Shoot; for a file, only this rule reports it.
import { type Cidr, formatCidr, overlaps, parseCidr } from '../../formats/cidr.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

/** The first of each pair is the one that Gardener reports. */
const PAIRS = [
  ['services', 'pods'],
  ['pods', 'nodes'],
  ['services', 'nodes'],
] as const;

export const overlappingRanges: Rule<ShootInput> = {
  id: 'shoot/overlapping-ranges',
  title: 'the ranges of pods, nodes and Services must not overlap',
  action: 'deny',
  docs: {
    why: 'Traffic to an address that is in two ranges reaches only one of them: routes to the pods of a node cannot be created, and nodes or Services cannot be reached. Gardener rejects such a Shoot.',
    fix: 'Choose ranges that do not overlap.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    pods: 100.96.0.0/11
    nodes: 10.250.0.0/16
    services: 100.64.0.0/13
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    pods: 10.250.0.0/16
    nodes: 10.250.0.0/16
    services: 100.64.0.0/13
`,
    source:
      'gardener, pkg/utils/validation/cidr/disjoint.go (ValidateShootNetworkDisjointedness); gardener/gardener#5180 and #2282',
    since: '0.1.0',
  },
  *check({ networking }) {
    const ranges = new Map<string, Cidr>();
    for (const field of ['pods', 'nodes', 'services']) {
      const range = parseCidr(readString(networking, field) ?? '');
      if (range !== undefined) ranges.set(field, range);
    }
    const reported = new Set<string>();
    for (const [field, other] of PAIRS) {
      const [range, against] = [ranges.get(field), ranges.get(other)];
      if (range === undefined || against === undefined || reported.has(field) || !overlaps(range, against))
        continue;
      reported.add(field);
      yield {
        path: ['spec', 'networking', field],
        reason: 'FieldValueForbidden',
        problem: `overlaps the range of ${other}, ${formatCidr(against)}`,
        got: readString(networking, field),
        advice: 'choose another range',
      };
    }
  },
};
