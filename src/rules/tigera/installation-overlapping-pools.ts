// Two pools of one Installation share addresses although their texts differ; another rule reports equal texts. The
// operator creates both; Calico then assigns no addresses from the newer one, or with older releases assigns an
// address twice.

import { overlaps } from '../../formats/cidr.ts';
import { readString } from '../../policy/json.ts';
import { quote } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';

export const installationOverlappingPools: Rule<InstallationInput> = {
  id: 'tigera/installation-overlapping-pools',
  title: 'pools of an Installation should not overlap',
  action: 'warn',
  docs: {
    why: 'The operator creates both pools. Calico then assigns no addresses from the newer one (condition Allocatable, reason CIDROverlap); older releases assign the same addresses from both.',
    fix: 'Choose ranges that do not overlap, or keep the larger pool.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/17
        encapsulation: VXLAN
      - cidr: 192.168.128.0/17
        encapsulation: VXLAN
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/16
        encapsulation: VXLAN
      - cidr: 192.168.128.0/17
        encapsulation: VXLAN
`,
    source:
      'Calico, IPPool controller of kube-controllers; Tigera operator, pkg/controller/ippool/validation.go (compares texts only)',
    since: '0.1.0',
  },
  *check({ view }) {
    // The CRD accepts 25; another rule reports more.
    const pools = view.pools.slice(0, 100);
    for (const [index, { path, values, cidr }] of pools.entries()) {
      const text = readString(values, 'cidr');
      const earlier = pools
        .slice(0, index)
        .find(
          (other) =>
            cidr && other.cidr && overlaps(cidr, other.cidr) && readString(other.values, 'cidr') !== text,
        );
      if (text === undefined || earlier === undefined) continue;
      const other = readString(earlier.values, 'cidr') ?? '';
      yield {
        path: [...path, 'cidr'],
        reason: 'FieldValueForbidden',
        problem: `overlaps the pool ${quote(other)}`,
        got: text,
        advice: 'choose ranges that do not overlap',
      };
    }
  },
};
