// With bpfExternalServiceMode DSR, the node with the pod answers a client that has contacted another node. Networks
// that check source addresses, as those of most clouds do, drop that answer, and traffic from outside fails for some
// clients.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { inCalico, wordOf } from './shared/calico-field.ts';

export const directServerReturn: Rule<KopsClusterInput> = {
  id: 'kops/direct-server-return',
  title: 'DSR should only be used in a network that allows it',
  action: 'warn',
  docs: {
    why: 'A node answers with the address of another node. Networks that check source addresses drop the answer, and connections from outside hang.',
    fix: 'Remove it (the default is Tunnel), unless you know that the network and the load balancers allow it.',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  kubeProxy:
    enabled: false
  networking:
    calico:
      bpfEnabled: true
      encapsulationMode: vxlan
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
  kubeProxy:
    enabled: false
  networking:
    calico:
      bpfEnabled: true
      encapsulationMode: vxlan
      bpfExternalServiceMode: DSR
`,
    source: 'kOps, docs/networking/calico.md; Calico, documentation of DSR mode',
    since: '0.1.0',
  },
  *check(input) {
    if (read(input.calico, 'bpfEnabled') !== true || wordOf(input, 'bpfExternalServiceMode') !== 'DSR')
      return;
    yield {
      path: inCalico('bpfExternalServiceMode'),
      reason: 'FieldValueInvalid',
      problem: 'needs a network where a node can answer for another node',
      got: 'DSR',
      advice: 'write Tunnel, unless your network allows that',
    };
  },
};
