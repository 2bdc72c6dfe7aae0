// This rule checks the action of a filter rule and its match operator. The CRDs of Calico 3.32 and later reject other
// words. Older CRDs accept any text, and then confd cannot write the configuration of BIRD on any node, because every
// node gets every filter.
import type { Rule } from '../../policy/types.ts';
import { wordsOf } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { hasOwnRule } from './shared/value-owners.ts';

export const bgpFilterWord: Rule<ObjectInput> = {
  id: 'calico/bgp-filter-word',
  title: 'actions and operators of a BGP filter must be spelled correctly',
  action: 'deny',
  docs: {
    why: 'The CRDs of Calico 3.32 and later reject the filter. Older CRDs store it, and confd fails on it (`unexpected action found in BGPFilter`): every node keeps its old BGP configuration, whether or not a peer uses the filter, and a new node gets none.',
    fix: 'Write `Accept` or `Reject`; the operator is `Equal`, `NotEqual`, `In` or `NotIn`. The words are case-sensitive.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPFilter
metadata:
  name: no-default-route
spec:
  importV4:
  - action: Reject
    matchOperator: Equal
    cidr: 0.0.0.0/0
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPFilter
metadata:
  name: no-default-route
spec:
  importV4:
  - action: reject
    matchOperator: Equal
    cidr: 0.0.0.0/0
`,
    source: 'Calico 3.32, BGPFilter CRD; confd (BGPFilterBIRDFuncs), run with such filters',
    since: '0.1.0',
  },
  *check({ values }) {
    for (const { keyword, path, value, schema } of values()) {
      if (keyword !== 'enum' || !hasOwnRule(path)) continue;
      const allowed = wordsOf(schema);
      yield* checkAllowedValue({ path, value, problem: 'unsupported value', allowed });
    }
  },
};
