// With bpfExternalServiceMode DSR the node with the pod answers a client that had asked another node. A network that
// checks source addresses, as most clouds' do, drops that answer, and traffic from outside fails for some clients.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { inCalico, wordOf } from './shared/calico-field.ts';

export const directServerReturn: Rule<KopsClusterInput> = {
  id: 'kops/direct-server-return',
  title: 'DSR is a choice made with the network in mind',
  action: 'warn',
  docs: {
    why: 'A node answers in the name of another one. Networks that check source addresses drop that, and connections from outside hang.',
    fix: 'Remove it (Tunnel is the default), unless you know that the network and the load balancers let it pass.',
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
      problem: 'needs a network that lets nodes answer for each other',
      got: 'DSR',
      advice: 'write Tunnel unless it does',
    };
  },
};
