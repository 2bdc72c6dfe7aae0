// This rule checks the interface of a route. If no interface can have such a name, the filter rule never matches.
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { listFilterRules } from './shared/filter-rules.ts';

const INTERFACE = /^[a-zA-Z0-9_.*-]{1,15}$/;

export const bgpFilterInterface: Rule<ObjectInput> = {
  id: 'calico/bgp-filter-interface',
  title: 'the interfaces of a BGP filter should be valid interface names',
  action: 'warn',
  docs: {
    why: "Calico's API server and `calicoctl` reject the name. With CRDs it is stored, BIRD finds no such interface, and the rule matches no route.",
    fix: 'Write at most 15 letters, digits, `_`, `.` and `-`; `*` matches any characters. It is not a regular expression and not a list.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPFilter
metadata:
  name: no-docker
spec:
  exportV4:
  - action: Reject
    interface: docker*
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPFilter
metadata:
  name: no-docker
spec:
  exportV4:
  - action: Reject
    interface: docker+
`,
    source: 'Calico, libcalico-go validator (bgpFilterInterface); BIRD 1.6.8 run with what confd writes',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { path, rule } of listFilterRules(spec)) {
      const got = readString(rule, 'interface') ?? '';
      // Another rule reports a name that is too long.
      if (got === '' || INTERFACE.test(got.slice(0, 15))) continue;
      const problem = 'no interface can have this name';
      const advice = 'write letters, digits, _, ., - and *';
      yield { path: [...path, 'interface'], reason: 'FieldValueInvalid', problem, got, advice };
    }
  },
};
