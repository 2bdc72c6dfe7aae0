// This rule checks typha_service_name of ConfigMap calico-config, and FELIX_TYPHAK8SSERVICENAME of calico-node.
// Reported only if calico-node is among the documents, and all of them belong to one cluster: then the manifests are
// complete. Only the usual name is compared. Without Typha no calico-node starts.
import type { Explanation } from '../../policy/message.ts';
import { type BundleRule, factsOf, type LocatedFact } from '../../policy/types.ts';
import { TYPHA_SERVICE } from '../../targets/calico-typha.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const typha: BundleRule = {
  id: 'kubeadm/typha',
  title: 'Typha must exist where calico-node uses it',
  action: 'deny',
  docs: {
    why: 'With typha_service_name calico-node only connects to Typha: without its Service, its Deployment or a running pod of it, calico-node does not start on any node.',
    fix: 'Add the Deployment and the Service calico-typha to the manifests, with `replicas` above 0 or an autoscaler, or write `typha_service_name: none`.',
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  typha_service_name: "calico-typha"
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: calico-node
  namespace: kube-system
spec:
  template:
    spec:
      containers:
        - name: calico-node
          image: quay.io/calico/node:v3.30.0
          env:
            - name: CALICO_IPV4POOL_IPIP
              value: "Always"
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: calico-typha
  namespace: kube-system
spec:
  replicas: 1
---
apiVersion: v1
kind: Service
metadata:
  name: calico-typha
  namespace: kube-system
spec:
  ports:
    - port: 5473
`,
    bad: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  typha_service_name: "calico-typha"
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: calico-node
  namespace: kube-system
spec:
  template:
    spec:
      containers:
        - name: calico-node
          image: quay.io/calico/node:v3.30.0
          env:
            - name: CALICO_IPV4POOL_IPIP
              value: "Always"
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: calico-typha
  namespace: kube-system
spec:
  replicas: 0
---
apiVersion: v1
kind: Service
metadata:
  name: calico-typha
  namespace: kube-system
spec:
  ports:
    - port: 5473
`,
    source: 'Calico, manifests/calico-typha.yaml',
    since: '0.1.0',
  },
  *check(facts, _options, { isWhole }) {
    const [cluster = [], ...others] = groupByCluster(facts);
    if (!isWhole || others.length > 0 || factsOf(cluster, 'calico-node').length === 0) return;
    const missing = findMissing(cluster);
    if (missing === undefined) return;
    for (const { state, document, path } of factsOf(cluster, 'typha')) {
      if (state !== 'wanted') continue;
      yield {
        document,
        path,
        reason: 'FieldValueForbidden',
        problem: missing.problem,
        got: TYPHA_SERVICE,
        advice: `${missing.advice}, or write none`,
      };
    }
  },
};

function findMissing(cluster: readonly LocatedFact[]): Explanation | undefined {
  const typha = factsOf(cluster, 'typha');
  const deployments = typha.filter(({ state }) => state === 'deployed');
  if (deployments.length === 0)
    return { problem: 'the files have no Deployment calico-typha', advice: 'add it' };
  const isScaled = typha.some(({ state }) => state === 'scaled');
  if (!isScaled && deployments.every(({ replicas }) => replicas === 0))
    return { problem: 'Deployment calico-typha has no replicas', advice: 'set replicas to 1 or more' };
  if (typha.some(({ state }) => state === 'service')) return undefined;
  return { problem: 'the files have no Service calico-typha', advice: 'add it' };
}
