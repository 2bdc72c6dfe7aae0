// Fields of FelixConfiguration that take one of a few words. The CRD compares some exactly and others without regard to
// case; a value that it does not know is rejected, and Felix itself would log it and go on with the default. Words that
// only some releases know (L2Only, EnabledIPIPOnly) are taken; those of a release to come have calico/next-release.

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
/** In any case, and empty for the default. */
const ANY_CASE = FIELDS.filter(({ anyCase }) => anyCase.length > 0).map(({ field, anyCase }) => ({
  field,
  allowed: anyCase,
}));
const EXACT = FIELDS.filter(({ exact, anyCase }) => exact.length > 0 && anyCase.length === 0).map(
  ({ field, exact }) => ({ field, allowed: exact }),
);

export const felixWord: Rule<ObjectInput> = {
  id: 'calico/felix-word',
  title: 'settings of Felix with a few words have one of them',
  action: 'deny',
  docs: {
    why: 'The API server rejects a word that the CRD does not know. Where it does not, Felix logs it and goes on with its default, as if nothing had been written.',
    fix: 'Write one of the words that the message lists. Some fields take them in any case, others only as they are listed.',
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
        problem: 'Felix knows no such value',
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
        problem: 'Felix knows no such value',
        allowed,
      });
    }
  },
};

function isAmong(value: string, allowed: readonly string[]): boolean {
  const lower = value.toLowerCase();
  return allowed.some((word) => word.toLowerCase() === lower);
}
