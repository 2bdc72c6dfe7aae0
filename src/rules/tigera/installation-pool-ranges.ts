// The ranges of an Installation's pools: each must be there, be a range, and be there once. The operator compares the
// text, so 10.0.0.0/16 and 10.0.0.1/16 pass it; that ranges overlap is told by a rule of its own. More than 25 pools
// are rejected by the CRD, whatever they are.

import type { FieldPath } from '../../policy/field-path.ts';
import { isUnset, read } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import { NETWORK_PATH } from '../../targets/installation-view.ts';
import { countItems } from '../../targets/object.ts';
import { checkCidr } from '../shared/cidr-advice.ts';

const MOST_POOLS = 25;
const POOLS_PATH: FieldPath = [...NETWORK_PATH, 'ipPools'];

export const installationPoolRanges: Rule<InstallationInput> = {
  id: 'tigera/installation-pool-ranges',
  title: 'every pool is a range of its own',
  action: 'deny',
  docs: {
    why: 'The operator rejects a pool without a range, and two pools with the same range or name; the CRD takes 25 pools. It then changes none of them.',
    fix: 'Write each range once, with its prefix length; let the operator make the names, or write different ones.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/17
        encapsulation: VXLAN
      - cidr: 192.168.128.0/17
        encapsulation: VXLAN
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: VXLAN
      - cidr: 192.168.0.0/16
        encapsulation: None
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/ippool/validation.go',
    since: '0.1.0',
  },
  *check(input) {
    const count = countItems(input, POOLS_PATH);
    if (count > MOST_POOLS) {
      yield {
        path: POOLS_PATH,
        reason: 'FieldValueInvalid',
        problem: `at most ${MOST_POOLS} pools are allowed, not ${count}`,
        advice: 'make further ones as IPPools',
      };
    }
    const ranges = new Set<unknown>();
    const names = new Set<unknown>();
    for (const { path, values } of input.view.pools) {
      const cidr = read(values, 'cidr');
      if (isUnset(cidr)) {
        yield {
          path: [...path, 'cidr'],
          reason: 'FieldValueRequired',
          problem: 'the range of the pool is missing',
          advice: 'write it, such as 192.168.0.0/16',
        };
      }
      yield* checkCidr([...path, 'cidr'], cidr);
      yield* checkOnce([...path, 'cidr'], cidr, ranges);
      yield* checkOnce([...path, 'name'], read(values, 'name'), names);
    }
  },
};

function* checkOnce(path: FieldPath, value: unknown, seen: Set<unknown>): Generator<Finding> {
  if (typeof value !== 'string' || value === '') return;
  if (seen.has(value)) {
    yield {
      path,
      reason: 'FieldValueDuplicate',
      problem: 'another pool has it already',
      got: value,
      advice: 'write each once',
    };
  }
  seen.add(value);
}
