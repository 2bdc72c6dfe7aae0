// Fields that accept one of a few words. The CRDs of Calico 3.32 and later compare them exactly; older CRDs accept any
// word, and then the component that reads the field uses its default, or nothing. The words are those of the schema.
import type { Rule } from '../../policy/types.ts';
import { wordsOf } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { hasOwnRule } from './shared/value-owners.ts';

export const calicoWord: Rule<ObjectInput> = {
  id: 'calico/word',
  title: 'fields that accept a few words must have one of them',
  action: 'deny',
  docs: {
    why: 'The CRDs of Calico 3.32 and later reject an unknown word. Older CRDs store it, and then the default applies without any error.',
    fix: 'Write one of the words from the message. They are case-sensitive.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  peerIP: 192.0.2.1
  asNumber: 64513
  nextHopMode: Self
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rack-1
spec:
  peerIP: 192.0.2.1
  asNumber: 64513
  nextHopMode: self
`,
    source: 'Calico 3.32, CRDs (projectcalico.org/v3 and crd.projectcalico.org/v1): enums',
    since: '0.1.0',
  },
  *check({ values }) {
    for (const { keyword, path, value, schema, since } of values()) {
      if (keyword !== 'enum' || since !== undefined || hasOwnRule(path)) continue;
      const allowed = wordsOf(schema);
      yield* checkAllowedValue({
        path,
        value: String(value),
        problem: 'unsupported value',
        allowed,
      });
    }
  },
};
