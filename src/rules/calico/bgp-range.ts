// This rule checks the ranges that BIRD advertises: of prefixAdvertisements and of Services. The newest CRDs need a
// range with its prefix length; Calico's own client also accepts a single address, so only some clusters reject it. All
// of them accept a range with host bits: confd writes it into the configuration, and BIRD rejects its whole
// configuration.
import { formatCidr, parseCidr, parseNet } from '../../formats/cidr.ts';
import type { FieldPath } from '../../policy/field-path.ts';
import { isMap, read, readList } from '../../policy/json.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import type { ObjectInput } from '../../targets/object.ts';
import { checkCidr } from '../shared/cidr-advice.ts';
import { ADVERTISED, isSingleAddress } from './shared/advertised-ranges.ts';

export const bgpRange: Rule<ObjectInput> = {
  id: 'calico/bgp-range',
  title: 'advertised ranges must be valid',
  action: 'deny',
  docs: {
    why: 'Calico rejects a range that it cannot parse: it would not be advertised, and clients outside could not reach it. A range with host bits, such as `203.0.113.7/24`, is stored; BIRD then rejects its configuration on every node (`Invalid prefix`), and no change of BGP takes effect.',
    fix: 'Write the first address of the range and a prefix length, such as `10.96.0.0/12`.',
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
    source:
      'Calico, BGPConfiguration CRD (projectcalico.org/v3) and libcalico-go validator; BIRD 1.6.8, run with a range that has host bits; confd/pkg/backends/calico/client.go',
    since: '0.1.0',
  },
  *check({ spec }) {
    for (const field of ADVERTISED) {
      for (const [index, entry] of readList(spec, field).entries()) {
        const path = ['spec', field, index, 'cidr'];
        const value = read(entry, 'cidr') ?? undefined;
        if (field === 'prefixAdvertisements' && isMap(entry) && (value === undefined || value === '')) {
          const advice = 'write a range, such as 10.244.0.0/16';
          yield { path, reason: 'FieldValueRequired', problem: 'the range is missing', advice };
        } else if (!isSingleAddress(value)) {
          yield* checkCidr(path, value);
          yield* checkHostBits(path, value);
        }
      }
    }
  },
};

function* checkHostBits(path: FieldPath, value: unknown): Generator<Finding> {
  const cidr = typeof value === 'string' ? parseCidr(value) : undefined;
  if (cidr === undefined || parseNet(String(value))?.isMasked !== false) return;
  const masked = formatCidr(cidr);
  yield {
    path,
    reason: 'FieldValueInvalid',
    problem: 'host bits are set, so BIRD rejects its configuration on all nodes',
    got: value,
    advice: `write ${masked}`,
  };
}
