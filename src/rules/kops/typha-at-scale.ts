// Without Typha, the calico-node of every node watches the API server itself. Calico recommends Typha for more than 50
// nodes, and strongly from 100 on. Looks at the sum of maxSize of the InstanceGroups with the role Node, if they are
// among the files, because the cluster can grow to it on its own.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { countNodes } from './shared/count-nodes.ts';

const RECOMMENDED_ABOVE = 50;
const STRONGLY_FROM = 100;

export const typhaAtScale: BundleRule = {
  id: 'kops/typha-at-scale',
  title: 'a large cluster should have Typha',
  action: 'warn',
  docs: {
    why: 'Without Typha every node watches the API server itself: its load and memory grow with every node, and changes of policies reach the nodes late.',
    fix: 'Set `typhaReplicas` to at least 3, plus one for every 200 nodes.',
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
        problem: `Typha is ${advice} for up to ${nodes} nodes`,
        got: typhaReplicas,
        advice: `use a value of ${replicas} or more`,
      };
    }
  },
};
