import { MAX_MAPS } from '../../schema/bound.ts';
import { createTooManyItems } from '../shared/too-many-items.ts';

export const shootTooManyItems = createTooManyItems({
  family: 'shoot',
  example: `
kind: Shoot
spec:
  provider:
    type: local
    workers: {items}
  networking:
    type: calico
`,
  few: '{name: a}, {name: b}',
  item: '{name: a}',
  most: MAX_MAPS,
});
