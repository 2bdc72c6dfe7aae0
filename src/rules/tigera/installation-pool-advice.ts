// This rule reports ranges that the operator accepts and Calico 3.33 rejects: bits set beyond the prefix, or an overlap
// with the link-local ranges. The first becomes another range than the one in the manifest; the second is not routed
// between nodes.

import { overlaps, parseCidr, strictCidrProblem } from '../../formats/cidr.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import { adviseCidr } from '../shared/cidr-advice.ts';

const LINK_LOCAL: readonly string[] = ['169.254.0.0/16', 'fe80::/10'];

export const installationPoolAdvice: Rule<InstallationInput> = {
  id: 'tigera/installation-pool-advice',
  title: 'the range of a pool should have the form that Calico stores',
  action: 'warn',
  docs: {
    why: 'The operator accepts a range with bits beyond its prefix, and link-local ranges. Calico changes the first into another range, or rejects the pool from 3.33 on; it does not route the second between nodes.',
    fix: 'Write the first address of the range, and do not use 169.254.0.0/16 or fe80::/10.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools:
      - cidr: 192.168.0.0/16
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
      - cidr: 192.168.1.0/16
        encapsulation: VXLAN
`,
    source: 'Calico 3.33, CRD of IPPool (CEL rules); projectcalico/calico#13493',
    since: '0.1.0',
  },
  *check({ view }) {
    for (const { path, values, cidr } of view.pools) {
      const text = readString(values, 'cidr');
      if (text === undefined || cidr === undefined) continue;
      const spelling = strictCidrProblem(text);
      if (spelling !== undefined) {
        const explanation = adviseCidr(text, spelling);
        yield { path: [...path, 'cidr'], reason: 'FieldValueInvalid', ...explanation, got: text };
      }
      if (!LINK_LOCAL.some((range) => overlaps(parseCidr(range) ?? cidr, cidr))) continue;
      yield {
        path: [...path, 'cidr'],
        reason: 'FieldValueInvalid',
        problem: 'overlaps the link-local range',
        got: text,
        advice: 'choose another range',
      };
    }
  },
};
