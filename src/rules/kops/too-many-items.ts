import { MAX_MAPS } from '../../schema/bound.ts';
import { createTooManyItems } from '../shared/too-many-items.ts';

export const kopsTooManyItems = createTooManyItems({
  family: 'kops',
  example: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  subnets: {items}
  networking:
    calico: {}
`,
  few: '{name: a, type: Private, cidr: 172.20.32.0/19}',
  item: '{name: a, type: Private, cidr: 172.20.32.0/19}',
  most: MAX_MAPS,
});
