// A GlobalNetworkPolicy without any selector is about the nodes too, where they are endpoints.
import type { Facts } from '../../policy/fact.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const policySelectsHosts: BundleRule = {
  id: 'calico/policy-selects-hosts',
  title: 'a policy for all pods does not cut off the nodes',
  action: 'warn',
  docs: {
    why: 'Without a selector, and with `all()`, a GlobalNetworkPolicy is about pods and host endpoints. Where Calico makes an endpoint for each node, or one is among the files, the policy then denies what it does not allow on the nodes themselves: the API server, the kubelet and etcd are reachable by the failsafe ports alone (projectcalico/calico#4673, #6485, #7459). Where another policy is for the nodes, by one of their labels, nothing is said.',
    fix: 'Write `namespaceSelector: all()`, which is about pods alone; or allow what the nodes need.',
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
      // Whoever has a policy for the nodes knows that a policy can be about them.
      if (policies.some(({ labels }) => labels.some((label) => isLabelOfAny(label, endpoints)))) continue;
      for (const { document, path } of factsOf(group, 'host-policy')) {
        const problem = 'the policy is about the nodes as well, and there are endpoints for them';
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

/** Labels that Kubernetes and Calico give to nodes and what is made of them, and that of the documentation of Calico. */
const NODE_LABEL =
  /^(?:(?:(?:beta|node|node-role|topology)\.)?kubernetes\.io\/|projectcalico\.org\/created-by$|kubernetes-host$)/;

type Endpoint = Pick<Facts['host-endpoint'], 'labels'>;

function isLabelOfAny(label: string, endpoints: readonly Endpoint[]): boolean {
  return endpoints.some(({ labels }) => labels?.includes(label) ?? NODE_LABEL.test(label));
}
