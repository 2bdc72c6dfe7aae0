import { MAX_ITEMS } from '../../schema/bound.ts';
import { createTooManyItems } from '../shared/too-many-items.ts';

export const networkTooManyItems = createTooManyItems({
  family: 'network',
  example: `
apiVersion: extensions.gardener.cloud/v1alpha1
kind: Network
metadata:
  name: shoot
spec:
  type: calico
  ipFamilies: {items}
`,
  few: 'IPv4',
  item: 'IPv4',
  most: MAX_ITEMS,
});
