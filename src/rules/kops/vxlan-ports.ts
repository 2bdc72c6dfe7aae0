// kOps opens the ports that IP-in-IP and BGP need, but not UDP 4789 between OpenStack nodes, nor on GCE from nodes to
// the control plane. VXLAN packets are then dropped unless another rule allows them.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';
import { inCalico } from './shared/calico-field.ts';

const CLOSED: Partial<Record<string, string>> = {
  openstack: 'between nodes on OpenStack',
  gce: 'to the control plane on GCE',
};

export const vxlanPorts: Rule<KopsClusterInput> = {
  id: 'kops/vxlan-ports',
  title: 'VXLAN should be used where kOps opens its port',
  action: 'warn',
  docs: {
    why: 'The firewall rules of kOps allow IP-in-IP and BGP but not VXLAN: pods on different nodes cannot reach each other.',
    fix: 'Open UDP 4789 between the nodes yourself, or use `encapsulationMode: ipip`.',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: openstack
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      encapsulationMode: ipip
`,
    bad: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: openstack
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  networking:
    calico:
      encapsulationMode: vxlan
`,
    source: 'kOps, pkg/model/openstackmodel and gcemodel (firewall rules)',
    since: '0.1.0',
  },
  *check({ calico, cloud, vxlanMode }) {
    const where = CLOSED[cloud ?? ''];
    if (where === undefined || vxlanMode === 'Never') return;
    const got = read(calico, 'encapsulationMode');
    yield {
      path: inCalico('encapsulationMode'),
      reason: 'FieldValueInvalid',
      problem: `kOps does not open UDP 4789 ${where}`,
      got,
      advice: 'open the port yourself, or use ipip',
    };
  },
};
