// Without Typha the calico-node of every node watches the API server itself. Calico recommends Typha above 50 nodes, and
// strongly from 100 on. Looks at the sum of the maxSize of a cluster's InstanceGroups with the role Node, as far as they
// stand beside it, because that is what the cluster can become on its own.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { countNodes } from './shared/count-nodes.ts';

const RECOMMENDED_ABOVE = 50;
const STRONGLY_FROM = 100;

export const typhaAtScale: BundleRule = {
  id: 'kops/typha-at-scale',
  title: 'a large cluster has Typha',
  action: 'warn',
  docs: {
    why: 'Without Typha every node watches the API server on its own: load and memory there grow with every node, and changes of policies reach the nodes late.',
    fix: 'Set `typhaReplicas`, at least 3, and one more for every 200 nodes.',
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
      encapsulationMode: vxlan
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
    source: 'kOps, docs/networking/calico.md (Configuring Calico to use Typha)',
    since: '0.1.0',
  },
  *check(facts) {
    const sizes = countNodes(facts);
    for (const { cluster, typhaReplicas, path, document } of factsOf(facts, 'kops-cluster')) {
      const nodes = sizes.get(cluster) ?? 0;
      if (typhaReplicas > 0 || nodes <= RECOMMENDED_ABOVE) continue;
      const advice = nodes >= STRONGLY_FROM ? 'strongly recommended' : 'recommended';
      const replicas = Math.max(3, Math.ceil(nodes / 200));
      yield {
        document,
        path: [...path, 'typhaReplicas'],
        reason: 'FieldValueInvalid',
        problem: `with up to ${nodes} nodes Typha is ${advice}`,
        got: typhaReplicas,
        advice: `write ${replicas} or more`,
      };
    }
  },
};
