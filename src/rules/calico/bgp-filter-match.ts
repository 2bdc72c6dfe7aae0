// A range, its match operator and prefix lengths belong together, and the lengths must match at least one prefix.
import { parseCidr } from '../../formats/cidr.ts';
import { familyBits, type IpFamily } from '../../formats/ip.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { isMap, read, readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listFilterRules } from './shared/filter-rules.ts';

export const bgpFilterMatch: Rule<ObjectInput> = {
  id: 'calico/bgp-filter-match',
  title: 'a rule of a BGP filter must have a complete match',
  action: 'deny',
  docs: {
    why: 'The API server rejects the range has no operator, the operator has no range, and impossible prefix lengths (Calico 3.32 and later). With lengths that match nothing, that is, a `min` above `max` or a `max` shorter than the range, BIRD rejects the whole configuration (`Invalid prefix pattern range`), and no change of BGP reaches any node.',
    fix: 'Write `cidr` and `matchOperator` together, and `prefixLength` only with them, from the length of the range up to 32, or 128 with IPv6.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPFilter
metadata:
  name: blocks-only
spec:
  exportV4:
  - action: Accept
    matchOperator: In
    cidr: 10.244.0.0/16
    prefixLength:
      min: 24
      max: 26
  - action: Reject
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPFilter
metadata:
  name: blocks-only
spec:
  exportV4:
  - action: Accept
    matchOperator: In
    cidr: 10.244.0.0/16
    prefixLength:
      min: 26
      max: 24
  - action: Reject
`,
    source:
      'Calico 3.32, BGPFilter CRD: validation rules; BIRD 1.6.8 run with what confd writes: Invalid prefix pattern range: {24, 16}',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, rule, family } of listFilterRules(spec)) {
      if (!isMap(rule)) continue;
      const cidr = readString(rule, 'cidr') ?? '';
      const operator = readString(rule, 'matchOperator') ?? '';
      if (cidr !== '' && operator === '') {
        yield missing(
          [...path, 'matchOperator'],
          'the range has no operator',
          'write Equal, NotEqual, In or NotIn',
        );
      }
      if (cidr === '' && operator !== '') {
        yield missing(
          [...path, 'cidr'],
          'the operator has no range',
          'write the range, or remove the operator',
        );
      }
      const lengths = read(rule, 'prefixLength');
      if (!isMap(lengths)) continue;
      if (cidr === '')
        yield missing([...path, 'cidr'], 'the prefix lengths have no range', 'write the range');
      yield* checkLengths([...path, 'prefixLength'], lengths, cidr, family);
    }
  },
};

function missing(path: FieldPath, problem: string, advice: string): Finding {
  return { path, reason: 'FieldValueRequired', problem, advice };
}

function* checkLengths(
  path: FieldPath,
  lengths: unknown,
  cidr: string,
  family: IpFamily,
): Generator<Finding> {
  const bits = familyBits(family);
  const bounds: { min?: number; max?: number } = {};
  for (const end of ['min', 'max'] as const) {
    const got = read(lengths, end);
    if (typeof got !== 'number') continue;
    if (got >= 0 && got <= bits) bounds[end] = got;
    else {
      const advice = `use a value from 0 to ${bits}`;
      yield {
        path: [...path, end],
        reason: 'FieldValueInvalid',
        problem: 'invalid prefix length',
        got,
        advice,
      };
    }
  }
  const { prefix = 0 } = parseCidr(cidr) ?? {};
  const least = Math.max(prefix, bounds.min ?? 0);
  if (bounds.max === undefined || bounds.max >= least) return;
  const problem = `shorter than ${least === prefix ? 'the range itself' : 'min'}, and BIRD rejects it`;
  const advice = `use a value from ${least} to ${bits}`;
  yield { path: [...path, 'max'], reason: 'FieldValueInvalid', problem, got: bounds.max, advice };
}
