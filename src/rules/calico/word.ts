// Fields that take one of a few words. The CRDs of Calico 3.32 and later compare them exactly; older ones take any word,
// and then whoever reads the field falls back to its default, or to nothing. The words are those of the schema.
import type { Rule } from '../../policy/types.ts';
import { wordsOf } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { hasOwnRule } from './shared/value-owners.ts';

export const calicoWord: Rule<ObjectInput> = {
  id: 'calico/word',
  title: 'fields with a few words have one of them',
  action: 'deny',
  docs: {
    why: 'The CRDs of Calico 3.32 and later reject a word that they do not know. Older ones store it, and then the default holds in its place, without a word to anybody.',
    fix: 'Write one of the words that the message lists. They are compared exactly, capital letters and all.',
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
        problem: 'Calico knows no such value',
        allowed,
      });
    }
  },
};
