// `ipip` and `nat-outgoing` are fields of Calico's v1 API. Calico rejects them (`ipip: setting not allowed`) or drops
// them; they have no effect in any version.
import { sameButForm } from '../../formats/nearest.ts';
import { isUnset, read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';

const SUCCESSORS: readonly (readonly [string, string])[] = [
  ['ipip', 'ipipMode'],
  ['nat-outgoing', 'natOutgoing'],
];

export const ippoolDeprecatedField: Rule<ObjectInput> = {
  id: 'calico/ippool-deprecated-field',
  title: 'a pool should not have fields of the v1 API',
  action: 'warn',
  docs: {
    why: "The fields `ipip` and `nat-outgoing` come from Calico's v1 API and have no effect; `calicoctl` and Calico's API server reject them.",
    fix: 'Write `ipipMode` and `natOutgoing`.',
    good: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  ipipMode: CrossSubnet
  natOutgoing: true
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: pods
spec:
  cidr: 10.244.0.0/16
  ipip:
    enabled: true
    mode: cross-subnet
  nat-outgoing: true
`,
    source: 'Calico, api/pkg/apis/projectcalico/v3/ippool.go (mustBeNil, mustBeFalse)',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const [field, successor] of SUCCESSORS) {
      const value = read(spec, field);
      if (isUnset(value) || value === false) continue;
      yield {
        path: ['spec', field],
        at: 'key',
        reason: 'FieldValueForbidden',
        problem: 'a field of the v1 API, which has no effect',
        got: value,
        advice: field === 'ipip' ? `write ipipMode: ${modeOf(value)}` : `write ${successor}`,
      };
    }
  },
};

/** The mode that the map of the v1 API means: Never if it is disabled, and Always without a mode. */
function modeOf(ipip: unknown): string {
  if (read(ipip, 'enabled') === false) return 'Never';
  return sameButForm(readString(ipip, 'mode') ?? '', ['CrossSubnet']) ?? 'Always';
}
