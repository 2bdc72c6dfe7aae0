// nodeSelector of a pool is a Calico selector over labels of nodes; the operator does not parse it. With a selector
// that Calico cannot parse the pool has no effect: nodes get no block from it, and pods no address. global() is only
// for network policies.

import { readSelector } from '../../formats/selector.ts';
import { readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';
import { checkSelector } from '../shared/selector-advice.ts';

export const installationSelector: Rule<InstallationInput> = {
  id: 'tigera/installation-selector',
  title: 'the node selector of a pool must be valid',
  action: 'deny',
  docs: {
    why: 'The operator copies the selector into the IPPool. Calico cannot parse it there, and assigns no addresses from the pool; from 3.33 on the API server rejects global().',
    fix: 'Write a Calico selector, such as `region == "east"` or `all()`.',
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
        nodeSelector: has(region)
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
        nodeSelector: region = east
`,
    source: 'Calico, libcalico-go selector parser; Calico 3.33, CRD of IPPool (CEL rules)',
    since: '0.1.0',
  },
  *check({ view }) {
    for (const { path, values } of view.pools) {
      const text = readString(values, 'nodeSelector');
      if (text === undefined) continue;
      yield* checkSelector([...path, 'nodeSelector'], text);
      const selector = readSelector(text);
      if (!('usesGlobal' in selector) || !selector.usesGlobal) continue;
      yield {
        path: [...path, 'nodeSelector'],
        reason: 'FieldValueForbidden',
        problem: 'global() is only for network policies',
        got: text,
        advice: 'write all()',
      };
    }
  },
};
