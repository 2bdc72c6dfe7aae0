// A GlobalNetworkPolicy without any selector also applies to the nodes, if they have host endpoints.
import type { Facts } from '../../policy/fact.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const policySelectsHosts: BundleRule = {
  id: 'calico/policy-selects-hosts',
  title: 'a policy for all pods should not also apply to the nodes',
  action: 'warn',
  docs: {
    why: 'Without a selector, and with `all()`, a GlobalNetworkPolicy applies to pods and host endpoints. If Calico creates an endpoint for each node, or one is among the files, the policy then also denies traffic of the nodes: only the failsafe ports reach the API server, the kubelet and etcd (projectcalico/calico#4673, #6485, #7459). It is not reported if another policy selects the nodes by one of their labels.',
    fix: 'Write `namespaceSelector: all()`, which selects only pods; or allow the traffic that the nodes need.',
    good: `
apiVersion: projectcalico.org/v3
kind: KubeControllersConfiguration
metadata:
  name: default
spec:
  controllers:
    node:
      hostEndpoint:
        autoCreate: Enabled
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: default-deny
spec:
  namespaceSelector: all()
  types: [Ingress, Egress]
`,
    bad: `
apiVersion: projectcalico.org/v3
kind: KubeControllersConfiguration
metadata:
  name: default
spec:
  controllers:
    node:
      hostEndpoint:
        autoCreate: Enabled
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: default-deny
spec:
  selector: all()
  types: [Ingress, Egress]
`,
    source: 'Calico, documentation of host endpoints; projectcalico/calico#4673, #6485, #7459',
    since: '0.1.0',
  },
  *check(facts) {
    for (const group of groupByCluster(facts)) {
      const endpoints = factsOf(group, 'host-endpoint');
      const policies = factsOf(group, 'policy-by-labels');
      if (endpoints.length === 0) continue;
      // A user with a policy for the nodes knows that policies can apply to them.
      if (policies.some(({ labels }) => labels.some((label) => isLabelOfAny(label, endpoints)))) continue;
      for (const { document, path } of factsOf(group, 'host-policy')) {
        const problem = 'the policy also applies to the nodes, which have host endpoints';
        yield {
          document,
          path,
          reason: 'FieldValueInvalid',
          problem,
          advice: 'write namespaceSelector: all()',
        };
      }
    }
  },
};

/** Labels that Kubernetes and Calico add to nodes and their endpoints, and the label from the documentation of Calico. */
const NODE_LABEL =
  /^(?:(?:(?:beta|node|node-role|topology)\.)?kubernetes\.io\/|projectcalico\.org\/created-by$|kubernetes-host$)/;

type Endpoint = Pick<Facts['host-endpoint'], 'labels'>;

function isLabelOfAny(label: string, endpoints: readonly Endpoint[]): boolean {
  return endpoints.some(({ labels }) => labels?.includes(label) ?? NODE_LABEL.test(label));
}
