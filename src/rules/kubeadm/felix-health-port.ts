// healthPort of a FelixConfiguration together with the probes of the calico-node manifest, which only take the port
// from the environment. The Tigera operator handles both.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

const DEFAULT_PORT = 9099;

export const felixHealthPort: BundleRule = {
  id: 'kubeadm/felix-health-port',
  title: 'the probes of calico-node should use the health port of Felix',
  action: 'warn',
  docs: {
    why: 'The probes of calico-node read the port from the environment variable `FELIX_HEALTHPORT`, with the default 9099. If only a FelixConfiguration sets another port, the probes fail: calico-node never becomes ready, and is killed again and again.',
    fix: 'Remove `healthPort`, or set `FELIX_HEALTHPORT` of calico-node to the same port.',
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
          problem: `the probes of calico-node use ${DEFAULT_PORT}, because its environment sets no port`,
          got: value,
          advice: 'remove it, or also set FELIX_HEALTHPORT',
        };
      }
    }
  },
};
