// The ranges of the pools of an Installation: each is required, must be valid, and must be unique. The operator
// compares the texts, so 10.0.0.0/16 and 10.0.0.1/16 pass; another rule reports overlapping ranges. The CRD rejects
// more than 25 pools.

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
  title: 'every pool must have a unique range',
  action: 'deny',
  docs: {
    why: 'The operator rejects a pool without a range, and two pools with the same range or name; the CRD accepts 25 pools. The operator then changes no pool.',
    fix: 'Write each range once, with its prefix length. Remove the names so that the operator generates them, or write different names.',
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
        advice: 'create the others as IPPools',
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
          advice: 'add it, such as 192.168.0.0/16',
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
      problem: 'another pool already has this value',
      got: value,
      advice: 'use a different value for each pool',
    };
  }
  seen.add(value);
}
