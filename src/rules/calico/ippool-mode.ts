// The modes of a pool (ipipMode, vxlanMode: Never, Always, CrossSubnet; assignmentMode: Automatic, Manual) are exact
// words. Calico's own API rejects another word; CRDs up to Calico 3.31 accept it, and Calico then treats it as Never,
// so pods on different nodes may not reach each other.

import ippool from '../../kinds/ippool.json' with { type: 'json' };
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

const MODES = ['ipipMode', 'vxlanMode', 'assignmentMode'].map((field) => ({
  field,
  allowed: wordsAt(ippool, 'spec', field),
}));

export const ippoolMode: Rule<ObjectInput> = {
  id: 'calico/ippool-mode',
  title: 'the modes of a pool must be supported',
  action: 'deny',
  docs: {
    why: 'Calico compares the words exactly. CRDs up to Calico 3.31 accept any word, and `always` then means no encapsulation: pods on different nodes may not reach each other.',
    fix: 'Write `Never`, `Always` or `CrossSubnet` as `ipipMode` and `vxlanMode`, and `Automatic` or `Manual` as `assignmentMode`, or remove the field.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  vxlanMode: Always
  natOutgoing: true
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  vxlanMode: always
  natOutgoing: true
`,
    source: 'Calico, IPPool CRD (projectcalico.org/v3) and libcalico-go validator',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { field, allowed } of MODES) {
      const value = read(spec, field);
      yield* checkAllowedValue({ path: ['spec', field], value, problem: 'unsupported pool mode', allowed });
    }
  },
};
