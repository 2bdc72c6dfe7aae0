// This rule checks the ranges that routes are compared with. The CRD accepts a range with host bits, and one of the
// other family; confd writes it into the configuration, and BIRD rejects the whole configuration.
import { parseCidr, strictCidrProblem } from '../../formats/cidr.ts';
import type { IpFamily } from '../../formats/ip.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { readString } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkCidr } from '../shared/cidr-advice.ts';
import { listFilterRules } from './shared/filter-rules.ts';

export const bgpFilterRange: Rule<ObjectInput> = {
  id: 'calico/bgp-filter-range',
  title: 'the ranges of a BGP filter must be valid for BIRD',
  action: 'deny',
  docs: {
    why: 'BIRD on every node reads every filter, whether or not a peer uses it. If a range has bits set beyond its prefix, or belongs to the other family, BIRD rejects the whole configuration: no change of BGP reaches any node, and a new node has no BGP at all.',
    fix: 'Write the first address of the range and its prefix length, such as `10.244.0.0/16`: IPv4 in `importV4` and `exportV4`, IPv6 in the others.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPFilter
metadata:
  name: pods-only
spec:
  exportV4:
  - action: Reject
    matchOperator: NotIn
    cidr: 10.244.0.0/16
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPFilter
metadata:
  name: pods-only
spec:
  exportV4:
  - action: Reject
    matchOperator: NotIn
    cidr: 10.244.7.0/16
`,
    source:
      'Calico, libcalico-go validator (netv4, netv6); BIRD 1.6.8 run with what confd writes: Invalid prefix',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, rule, family } of listFilterRules(spec)) {
      const cidr = readString(rule, 'cidr') ?? '';
      if (cidr !== '') yield* checkRange([...path, 'cidr'], cidr, family);
    }
  },
};

function* checkRange(path: FieldPath, got: string, family: IpFamily): Generator<Finding> {
  const cidr = parseCidr(got);
  if (cidr === undefined) {
    yield* checkCidr(path, got);
    return;
  }
  const reason = 'FieldValueInvalid';
  if (cidr.family !== family) {
    const other = family === 'IPv4' ? 'V6' : 'V4';
    yield {
      path,
      reason,
      problem: `not ${family}, and BIRD rejects it here`,
      got,
      advice: `move it to the ${other} list`,
    };
    return;
  }
  const problem = strictCidrProblem(got);
  if (problem?.kind !== 'host-bits' && problem?.kind !== 'ipv4-mapped') return;
  const { canonical, kind } = problem;
  const fix = canonical === undefined ? undefined : ({ kind: 'replace', value: canonical } as const);
  const what = kind === 'host-bits' ? 'bits are set beyond the prefix' : 'an IPv4 range in IPv6 notation';
  yield {
    path,
    reason,
    problem: `${what}, so BIRD rejects it`,
    got,
    advice: `write ${canonical ?? 'the first address'}`,
    fix,
  };
}
