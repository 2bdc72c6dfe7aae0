import { MAX_MAPS } from '../../schema/bound.ts';
import { createTooManyItems } from '../shared/too-many-items.ts';

export const calicoTooManyItems = createTooManyItems({
  family: 'calico',
  example: `
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  serviceClusterIPs: {items}
`,
  few: '{cidr: 10.96.0.0/12}',
  item: '{cidr: 10.96.0.0/12}',
  most: MAX_MAPS,
});
