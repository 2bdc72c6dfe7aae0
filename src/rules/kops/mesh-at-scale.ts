// With the encapsulation ipip kOps runs BIRD, and every node has a BGP session with every other node: the sessions
// grow with the square of the nodes. Above 100 nodes Calico recommends route reflectors, which kOps does not set up.
// Counts nodes as kops/typha-at-scale does.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { countNodes } from './shared/count-nodes.ts';

const MESH_UP_TO = 100;

export const meshAtScale: BundleRule = {
  id: 'kops/mesh-at-scale',
  title: 'a large cluster should not use the full BGP mesh',
  action: 'warn',
  docs: {
    why: 'Every node keeps a BGP session with every other node. Above about 100 nodes they cost too much, and routes arrive late.',
    fix: 'Use `encapsulationMode: vxlan`, which needs no BGP, in a new cluster; or set up route reflectors and disable the mesh in the BGPConfiguration.',
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
      typhaReplicas: 3
---
apiVersion: kops.k8s.io/v1alpha2
kind: InstanceGroup
metadata:
  name: nodes
  labels:
    kops.k8s.io/cluster: my.example.com
spec:
  role: Node
  maxSize: 150
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
      typhaReplicas: 3
---
apiVersion: kops.k8s.io/v1alpha2
kind: InstanceGroup
metadata:
  name: nodes
  labels:
    kops.k8s.io/cluster: my.example.com
spec:
  role: Node
  maxSize: 150
`,
    source:
      'kOps, docs/networking/calico.md (route reflectors above about 50 to 100 nodes); Calico, documentation of BGP',
    since: '0.1.0',
  },
  *check(facts) {
    const sizes = countNodes(facts);
    for (const { cluster, usesMesh, path, document } of factsOf(facts, 'kops-cluster')) {
      const nodes = sizes.get(cluster) ?? 0;
      if (!usesMesh || nodes <= MESH_UP_TO) continue;
      yield {
        document,
        path: [...path, 'encapsulationMode'],
        reason: 'FieldValueInvalid',
        problem: `a full BGP mesh does not scale to ${nodes} nodes`,
        advice: 'set up route reflectors, or use vxlan in a new cluster',
      };
    }
  },
};
