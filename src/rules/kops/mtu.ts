// This rule checks the MTU of the pod interfaces and of the tunnels. kOps accepts any number; Linux accepts none below
// 0 and none above 65535, and pods then get no network. 0, the default, detects it.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { inCalico } from './shared/calico-field.ts';

const LARGEST = 65_535;

export const mtu: Rule<KopsClusterInput> = {
  id: 'kops/mtu',
  title: 'the MTU must be a number that an interface can have',
  action: 'deny',
  docs: {
    why: 'kOps accepts any number, and then no pod gets an interface.',
    fix: 'Remove it or write 0 to detect it, or write a number such as 8981.',
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
      mtu: 8981
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
      mtu: -1
`,
    source: 'kOps, docs/networking/calico.md (a positive value); Linux, drivers/net/veth.c (at most 65535)',
    since: '0.1.0',
  },
  *check({ calico }) {
    const value = read(calico, 'mtu');
    if (typeof value !== 'number' || (value >= 0 && value <= LARGEST)) return;
    yield {
      path: inCalico('mtu'),
      reason: 'FieldValueInvalid',
      problem: `an MTU must be 0 to ${LARGEST}`,
      got: value,
      advice: 'write 0 or remove it to detect the MTU',
    };
  },
};
