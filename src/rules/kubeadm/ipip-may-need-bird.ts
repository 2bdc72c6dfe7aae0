// Like kubeadm/ipip-needs-bird, if no image names the release: a digest, a tag that is not a version, or no
// calico-node. Before 3.33 nodes then cannot reach each other's pods, from 3.33 on they can. Because the release is
// unknown, this is a warning.
import { quote } from '../../policy/message.ts';
import type { BundleRule } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { findIpipWithoutBird } from './shared/ipip-without-bird.ts';

export const ipipMayNeedBird: BundleRule = {
  id: 'kubeadm/ipip-may-need-bird',
  title: 'IP-in-IP should have BIRD if the release is unknown',
  action: 'warn',
  docs: {
    why: "Before Calico 3.33 BIRD programs the routes through IP-in-IP tunnels. With the backends `vxlan` and `none` it does not run, and nodes cannot reach each other's pods. The image of calico-node does not name its release, or is not among the files.",
    fix: 'Use VXLAN or the backend `bird`, or name the release in the image of calico-node.',
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
          image: quay.io/calico/node:latest
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
          image: quay.io/calico/node:latest
          env:
            - name: CALICO_IPV4POOL_IPIP
              value: "Always"
            - name: CALICO_IPV4POOL_VXLAN
              value: "Never"
`,
    source: 'projectcalico/calico#13470 (routes of IP-in-IP by Felix from 3.33 on)',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      for (const { document, path, backend, isOld } of findIpipWithoutBird(cluster)) {
        if (isOld !== undefined) continue;
        const problem = `before 3.33 IPIP needs BIRD, but calico_backend is ${quote(backend)}`;
        yield { document, path, reason: 'FieldValueForbidden', problem, advice: 'use VXLAN' };
      }
    }
  },
};
