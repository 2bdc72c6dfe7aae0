// nodeSelector and namespaceSelector say which nodes and namespaces use a pool. With a selector that Calico cannot
// parse, none does; no version of the CRDs checks the grammar. global() is only for policies.
import { readSelector } from '../../formats/selector.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkSelector } from '../shared/selector-advice.ts';

const MAX_LENGTH = 1024;

export const ippoolSelector: Rule<ObjectInput> = {
  id: 'calico/ippool-selector',
  title: 'the selectors of a pool must be valid',
  action: 'deny',
  docs: {
    why: 'A CRD accepts any text as a selector. If Calico cannot parse it, it cannot use the pool, and pods get addresses from another pool, or none.',
    fix: 'Write it as in a Calico policy: `all()`, `region == "east"`, `region in {"east", "west"}`, `has(region)`, `!has(region)`, joined with `&&` and `||`.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: east
spec:
  cidr: 10.244.0.0/16
  nodeSelector: region == "east" && !has(edge)
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: east
spec:
  cidr: 10.244.0.0/16
  nodeSelector: region = "east"
`,
    source: 'Calico, libcalico-go selector parser; IPPool CRD (projectcalico.org/v3): no global()',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const field of ['nodeSelector', 'namespaceSelector']) {
      const path = ['spec', field];
      const value = readString(spec, field);
      if (value === undefined) continue;
      if (value.length > MAX_LENGTH) {
        yield {
          path,
          reason: 'FieldValueInvalid',
          problem: `has ${value.length} characters, but at most ${MAX_LENGTH} are allowed`,
          advice: 'shorten it, for example with a new label',
        };
        continue;
      }
      yield* checkSelector(path, value);
      const selector = readSelector(value);
      if (!('usesGlobal' in selector) || !selector.usesGlobal) continue;
      yield {
        path,
        reason: 'FieldValueForbidden',
        problem: 'global() is only for policies',
        got: value,
        advice: 'write all(), or select a label',
      };
    }
  },
};
