// ipipMode and vxlanMode say when packets of the pool are encapsulated; each needs its encapsulationMode. The default
// is ipip (vxlan on Azure, none with IPv6): kOps rejects vxlanMode alone after it has completed the Cluster, although
// its first validation accepts it. Never is always allowed.

import kopsCalico from '../../kinds/kops-calico.json' with { type: 'json' };
import type { Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { checkAllowedValue } from '../shared/allowed-value.ts';
import { inCalico, wordOf } from './shared/calico-field.ts';

const MODES = wordsAt(kopsCalico, 'ipipMode');
const FIELDS = [
  { name: 'ipipMode', needs: 'ipip' },
  { name: 'vxlanMode', needs: 'vxlan' },
];

export const poolMode: Rule<KopsClusterInput> = {
  id: 'kops/pool-mode',
  title: 'ipipMode and vxlanMode must fit the encapsulation',
  action: 'deny',
  docs: {
    why: 'kOps rejects the Cluster: the mode needs a networking backend that the encapsulation does not have.',
    fix: 'Set `encapsulationMode` to the one that the mode needs, or remove the mode.',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      encapsulationMode: vxlan
      vxlanMode: CrossSubnet
`,
    bad: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      vxlanMode: CrossSubnet
`,
    source: 'kOps, validateNetworkingCalico and CalicoOptionsBuilder',
    since: '0.1.0',
  },
  *check(input) {
    const { encapsulation } = input;
    const isChosen = wordOf(input, 'encapsulationMode') !== undefined;
    for (const { name, needs } of FIELDS) {
      const value = wordOf(input, name);
      const path = inCalico(name);
      if (value === undefined) continue;
      yield* checkAllowedValue({ path, value, problem: 'unsupported mode', allowed: MODES });
      if (value === 'Never' || !MODES.includes(value) || encapsulation === needs) continue;
      const actual = isChosen ? '' : `, and the default is ${encapsulation}`;
      yield {
        path,
        reason: 'FieldValueForbidden',
        problem: `needs encapsulationMode ${needs}${actual}`,
        got: value,
        advice: 'set encapsulationMode, or remove this mode',
      };
    }
  },
};
