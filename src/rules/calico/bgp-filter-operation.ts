// This rule checks what a rule of a BGPFilter does with an accepted route, and the communities that it matches. Calico
// has these fields since 3.32.
import { isPlainCommunity } from '../../formats/bgp.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { isMap, isUnset, read, readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listFilterRules } from './shared/filter-rules.ts';

const OPERATIONS = ['addCommunity', 'prependASPath', 'setPriority'];

export const bgpFilterOperation: Rule<ObjectInput> = {
  id: 'calico/bgp-filter-operation',
  title: 'operations and communities of a BGP filter must be valid',
  action: 'deny',
  docs: {
    why: 'The API server rejects the filter: an operation does one thing, a rejected route cannot be changed, and the numbers of a community must fit into their bits.',
    fix: 'Write one of `addCommunity`, `prependASPath` and `setPriority` in each entry, with `action: Accept`. A community is `aa:nn` with numbers up to 65535, or `aa:nn:mm` with numbers up to 4294967295, without leading zeros.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPFilter
metadata:
  name: mark
spec:
  exportV4:
  - action: Accept
    operations:
    - addCommunity:
        value: "65001:100"
    - setPriority:
        value: 200
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPFilter
metadata:
  name: mark
spec:
  exportV4:
  - action: Reject
    operations:
    - addCommunity:
        value: "65001:100"
`,
    source: 'Calico 3.32, BGPFilter CRD: validation rules, patterns and numbers of properties',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, rule } of listFilterRules(spec)) {
      const communities = readList(rule, 'communities', 'values');
      for (const [index, value] of communities.entries()) {
        yield* checkCommunity([...path, 'communities', 'values', index], value);
      }
      const operations = readList(rule, 'operations');
      if (operations.length > 0 && read(rule, 'action') === 'Reject') {
        const problem = 'a rejected route cannot be changed';
        const advice = 'write action: Accept, or remove the operations';
        yield { path: [...path, 'operations'], at: 'key', reason: 'FieldValueForbidden', problem, advice };
      }
      for (const [index, operation] of operations.entries()) {
        yield* checkOperation([...path, 'operations', index], operation);
      }
    }
  },
};

function* checkOperation(path: FieldPath, operation: unknown): Generator<Finding> {
  if (!isMap(operation)) return;
  const named = OPERATIONS.filter((name) => !isUnset(read(operation, name)));
  if (named.length !== 1) {
    const problem =
      named.length === 0 ? 'the operation does nothing' : 'the entry has more than one operation';
    yield { path, reason: 'FieldValueInvalid', problem, advice: `write one of ${OPERATIONS.join(', ')}` };
  }
  yield* checkCommunity([...path, 'addCommunity', 'value'], read(operation, 'addCommunity', 'value'));
}

function* checkCommunity(path: FieldPath, got: unknown): Generator<Finding> {
  if (typeof got !== 'string' || isPlainCommunity(got)) return;
  const advice = 'write aa:nn (up to 65535 each) or aa:nn:mm (up to 4294967295 each)';
  yield { path, reason: 'FieldValueInvalid', problem: 'invalid BGP community', got, advice };
}
