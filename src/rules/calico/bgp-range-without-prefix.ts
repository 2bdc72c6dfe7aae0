// This rule reports ranges that BIRD advertises and that are written as a single address: Calico's own client accepts
// it as a range with one address, and so do the CRDs up to 3.31; newer CRDs reject it.
import { read, readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { ADVERTISED, isSingleAddress } from './shared/advertised-ranges.ts';

export const bgpRangeWithoutPrefix: Rule<ObjectInput> = {
  id: 'calico/bgp-range-without-prefix',
  title: 'advertised ranges should have a prefix length',
  action: 'warn',
  docs: {
    why: 'Calico up to 3.31 accepts a single address as a range with one address. The CRDs of newer releases reject it, so after an upgrade the object can no longer be changed.',
    fix: 'Append `/32`, or `/128` with IPv6.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  serviceExternalIPs:
  - cidr: 198.51.100.7/32
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  serviceExternalIPs:
  - cidr: 198.51.100.7
`,
    source: 'Calico, BGPConfiguration CRD (projectcalico.org/v3): format cidr; libcalico-go validator',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const field of ADVERTISED) {
      for (const [index, entry] of readList(spec, field).entries()) {
        const value = read(entry, 'cidr');
        if (!isSingleAddress(value)) continue;
        const whole = `${value}/${value.includes(':') ? 128 : 32}`;
        const path = ['spec', field, index, 'cidr'];
        yield {
          path,
          reason: 'FieldValueInvalid',
          problem: 'newer releases of Calico need a prefix length',
          got: value,
          advice: `append ${whole.slice(value.length)}`,
          fix: { kind: 'replace', value: whole },
        };
      }
    }
  },
};
