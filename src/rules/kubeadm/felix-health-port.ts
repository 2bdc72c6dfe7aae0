// healthPort of a FelixConfiguration beside the probes of calico-node's manifest, which take the port from the environment
// alone. The Tigera operator takes care of both.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

const DEFAULT_PORT = 9099;

export const felixHealthPort: BundleRule = {
  id: 'kubeadm/felix-health-port',
  title: 'probes of calico-node ask where Felix answers',
  action: 'warn',
  docs: {
    why: 'The probes of calico-node read the port from `FELIX_HEALTHPORT` of the environment, and ask 9099 where it is not set. Where only a FelixConfiguration names another, they ask in vain: calico-node is never ready, and is killed again and again.',
    fix: 'Remove `healthPort`, or set `FELIX_HEALTHPORT` of calico-node to the same.',
    good: `
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
            - name: FELIX_HEALTHPORT
              value: "9199"
          livenessProbe:
            exec:
              command: [/bin/calico-node, -felix-live]
`,
    bad: `
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
          livenessProbe:
            exec:
              command: [/bin/calico-node, -felix-live]
---
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  healthPort: 9199
`,
    source: 'node/pkg/health/health.go (FELIX_HEALTHPORT); felix/config/config_params.go (HealthPort)',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const asks = factsOf(cluster, 'calico-node').some(
        ({ document, asksDefaultHealthPort }) =>
          asksDefaultHealthPort && document.namespace !== 'calico-system',
      );
      if (!asks) continue;
      for (const { document, path, name, value } of factsOf(cluster, 'felix-setting')) {
        if (name !== 'healthPort' || typeof value !== 'number' || value === DEFAULT_PORT) continue;
        yield {
          document,
          path,
          reason: 'FieldValueInvalid',
          problem: `the probes of calico-node ask ${DEFAULT_PORT}, for its environment names no port`,
          got: value,
          advice: 'remove it, or set FELIX_HEALTHPORT too',
        };
      }
    }
  },
};
