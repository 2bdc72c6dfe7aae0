// Ranges that BIRD advertises: of prefixAdvertisements and of Services. The newest CRDs want a range with its prefix
// length; Calico's own client also takes a single address, so that is only refused by some clusters.
import { isMap, read, readList } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkCidr } from '../shared/cidr-advice.ts';
import { ADVERTISED, isSingleAddress } from './shared/advertised-ranges.ts';

export const bgpRange: Rule<ObjectInput> = {
  id: 'calico/bgp-range',
  title: 'ranges that are advertised can be read',
  action: 'deny',
  docs: {
    why: 'Calico refuses a range that it cannot read: it would not be advertised, and nobody outside would reach it.',
    fix: 'Write an address and a prefix length, such as `10.96.0.0/12`.',
    good: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  serviceClusterIPs:
  - cidr: 10.96.0.0/12
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  serviceClusterIPs:
  - cidr: 10.96.0.0/33
`,
    source: 'Calico, BGPConfiguration CRD (projectcalico.org/v3) and libcalico-go validator',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const field of ADVERTISED) {
      for (const [index, entry] of readList(spec, field).entries()) {
        const path = ['spec', field, index, 'cidr'];
        const value = read(entry, 'cidr') ?? undefined;
        if (field === 'prefixAdvertisements' && isMap(entry) && (value === undefined || value === '')) {
          const advice = 'write one, such as 10.244.0.0/16';
          yield { path, reason: 'FieldValueRequired', problem: 'the range is missing', advice };
        } else if (!isSingleAddress(value)) yield* checkCidr(path, value);
      }
    }
  },
};
