// -bird-live and -bird-ready in the probes of calico-node, while its backend is vxlan or none. The backend is that of
// the environment of the container, or calico_backend of ConfigMap calico-config if the environment refers to it. BIRD
// does not run with these backends, but the health check queries it anyway.
import { quote } from '../../policy/message.ts';
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { findConfiguredBackend } from './shared/configured-backend.ts';
import { WITHOUT_BIRD } from './shared/ipip-without-bird.ts';

export const birdProbes: BundleRule = {
  id: 'kubeadm/bird-probes',
  title: 'probes must not check BIRD where it does not run',
  action: 'deny',
  docs: {
    why: 'With the backends `vxlan` and `none` BIRD does not run. A probe that checks it fails on every node: calico-node never becomes ready, or is killed again and again.',
    fix: 'Remove `-bird-live` and `-bird-ready` from the probes.',
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
            - name: CALICO_NETWORKING_BACKEND
              value: vxlan
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
          env:
            - name: CALICO_NETWORKING_BACKEND
              value: vxlan
          livenessProbe:
            exec:
              command: [/bin/calico-node, -felix-live, -bird-live]
`,
    source: 'kubernetes-sigs/kubespray#6372; node/pkg/health/health.go; Calico, manifests/calico-vxlan.yaml',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const configured = findConfiguredBackend(cluster);
      for (const { document, backend = configured, birdProbes: paths } of factsOf(cluster, 'calico-node')) {
        if (backend === undefined || !WITHOUT_BIRD.includes(backend)) continue;
        for (const { path, word } of paths) {
          const problem = `BIRD does not run with the backend ${quote(backend)}`;
          yield { document, path, reason: 'FieldValueForbidden', problem, got: word, advice: 'remove it' };
        }
      }
    }
  },
};
