import { MAX_MAPS } from '../../schema/bound.ts';
import { createTooManyItems } from '../shared/too-many-items.ts';

export const kubeadmTooManyItems = createTooManyItems({
  family: 'kubeadm',
  example: `
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
          env: {items}
`,
  few: '{name: IP, value: autodetect}',
  item: '{name: IP, value: autodetect}',
  most: MAX_MAPS,
});
