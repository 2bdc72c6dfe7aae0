// The blocks of a pool are parts of its range. Calico's validators reject a range that is missing, cannot be parsed or
// has bits set beyond its prefix; the CRDs up to Calico 3.31 accept all of these, and then pods get no addresses, or
// the routes lead to another range than intended. It cannot be changed later, so it is reported before the pool
// exists.
import { strictCidrProblem } from '../../formats/cidr.ts';
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { adviseCidr } from '../shared/cidr-advice.ts';

const PATH = ['spec', 'cidr'];

export const ippoolCidr: Rule<ObjectInput> = {
  id: 'calico/ippool-cidr',
  title: 'a pool must have a valid range',
  action: 'deny',
  docs: {
    why: 'The API servers of Calico reject the pool. CRDs up to Calico 3.31 accept it, and then pods get no addresses from it, or routes lead to another range than intended. The range of a pool cannot be changed later.',
    fix: 'Write the first address of the range and its prefix length, such as `10.244.0.0/16`.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.7.0/16
`,
    source:
      'Calico, IPPool CRD (projectcalico.org/v3) and libcalico-go validator; projectcalico/calico#13493',
    since: '0.1.0',
  },
  *check({ spec }) {
    const cidr = read(spec, 'cidr');
    if (isUnset(cidr)) {
      const advice = 'write a range, such as 10.244.0.0/16';
      yield { path: PATH, reason: 'FieldValueRequired', problem: 'the range of the pool is missing', advice };
      return;
    }
    const spelling = typeof cidr === 'string' ? strictCidrProblem(cidr) : undefined;
    // Capital letters and groups of zeros are fine with Calico.
    if (typeof cidr !== 'string' || spelling === undefined || spelling.kind === 'not-canonical') return;
    // Calico's own client has always replaced it with the first address of the range.
    const isCertain = spelling.kind === 'host-bits' && spelling.canonical !== undefined;
    yield {
      path: PATH,
      reason: 'FieldValueInvalid',
      ...adviseCidr(cidr, spelling),
      got: cidr,
      ...(isCertain && { fix: { kind: 'replace', value: String(spelling.canonical) } as const }),
    };
  },
};
