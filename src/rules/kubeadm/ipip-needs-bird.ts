// calico_backend of ConfigMap calico-config, or CALICO_NETWORKING_BACKEND of calico-node itself, compared with the
// mode of the pool that calico-node creates and of IPPools among the files. The release is that of the image of
// calico-node. Without BIRD nothing programs the routes through the tunnels, and pods on other nodes cannot be
// reached.
import { quote } from '../../policy/message.ts';
import type { BundleRule } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { findIpipWithoutBird } from './shared/ipip-without-bird.ts';

export const ipipNeedsBird: BundleRule = {
  id: 'kubeadm/ipip-needs-bird',
  title: 'IP-in-IP must have BIRD before Calico 3.33',
  action: 'deny',
  docs: {
    why: "Before Calico 3.33 BIRD programs the routes through IP-in-IP tunnels. With the backends `vxlan` and `none` it does not run, and nodes cannot reach each other's pods.",
    fix: 'Use VXLAN (`CALICO_IPV4POOL_VXLAN: Always`, `CALICO_IPV4POOL_IPIP: Never`), the backend `bird`, or Calico 3.33.',
    good: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  calico_backend: "vxlan"
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
              value: "Never"
            - name: CALICO_IPV4POOL_VXLAN
              value: "Always"
`,
    bad: `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  calico_backend: "vxlan"
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
            - name: CALICO_IPV4POOL_VXLAN
              value: "Never"
`,
    source:
      'projectcalico/calico#13470 (routes of IP-in-IP by Felix from 3.33 on); Calico, manifests/calico-vxlan.yaml',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      for (const { document, path, backend, isOld } of findIpipWithoutBird(cluster)) {
        if (isOld !== true) continue;
        const problem = `IP-in-IP needs BIRD, but calico_backend is ${quote(backend)}`;
        const advice = 'use VXLAN, or the backend bird';
        yield { document, path, reason: 'FieldValueForbidden', problem, advice };
      }
    }
  },
};
