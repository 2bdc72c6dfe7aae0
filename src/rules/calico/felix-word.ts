// Fields of FelixConfiguration that accept one of a few words. The CRD compares some exactly and others in any case;
// it rejects an unknown value, which Felix itself would log and replace with its default. Words that only some
// releases have (L2Only, EnabledIPIPOnly) are accepted; calico/next-release covers those of a future release.

import felixConfiguration from '../../kinds/felix-configuration.json' with { type: 'json' };
import { isMap, isUnset, read, readMap } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { anyCaseWordsOf, wordsOf } from '../../schema/values.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';

const FIELDS = Object.entries(readMap(felixConfiguration, 'properties', 'spec', 'properties') ?? {}).flatMap(
  ([field, schema]) =>
    isMap(schema) && read(schema, 'x-calico', 'enum') === undefined
      ? [{ field, exact: wordsOf(schema), anyCase: anyCaseWordsOf(schema) }]
      : [],
);
/** Case does not matter, and an empty text means the default. */
const ANY_CASE = FIELDS.filter(({ anyCase }) => anyCase.length > 0).map(({ field, anyCase }) => ({
  field,
  allowed: anyCase,
}));
const EXACT = FIELDS.filter(({ exact, anyCase }) => exact.length > 0 && anyCase.length === 0).map(
  ({ field, exact }) => ({ field, allowed: exact }),
);

export const felixWord: Rule<ObjectInput> = {
  id: 'calico/felix-word',
  title: 'Felix settings that accept a few words must have one of them',
  action: 'deny',
  docs: {
    why: 'The API server rejects a word that the CRD does not have. Where it does not, Felix logs the word and uses its default.',
    fix: 'Write one of the words from the message. Some fields accept them in any case, others only as listed.',
    good: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  awsSrcDstCheck: Disable
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  awsSrcDstCheck: disable
`,
    source: 'Calico, FelixConfiguration CRD: enums and patterns',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const { field, allowed } of EXACT) {
      const value = read(spec, field);
      yield* checkAllowedValue({
        path: ['spec', field],
        value,
        problem: 'unsupported value',
        allowed,
      });
    }
    for (const { field, allowed } of ANY_CASE) {
      const value = read(spec, field);
      if (isUnset(value) || value === '') continue;
      const isKnown = typeof value === 'string' && isAmong(value, allowed);
      if (isKnown) continue;
      yield* checkAllowedValue({
        path: ['spec', field],
        value,
        problem: 'unsupported value',
        allowed,
      });
    }
  },
};

function isAmong(value: string, allowed: readonly string[]): boolean {
  const lower = value.toLowerCase();
  return allowed.some((word) => word.toLowerCase() === lower);
}
