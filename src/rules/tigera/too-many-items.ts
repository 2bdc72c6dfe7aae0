import { MAX_MAPS } from '../../schema/bound.ts';
import { createTooManyItems } from '../shared/too-many-items.ts';

export const tigeraTooManyItems = createTooManyItems({
  family: 'tigera',
  example: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    ipPools: {items}
`,
  few: '{cidr: 192.168.0.0/16, encapsulation: VXLAN}',
  item: '{cidr: 192.168.0.0/16}',
  most: MAX_MAPS,
});
