// An update that switches the overlay of a live cluster. On is simple: every node gets the tunnel with its next
// calico-node. Off is not: calico-node restarts one node after the other, nodes with and without overlay do not reach
// each other meanwhile, and old routes stay behind. Compares what is effective before and after, not what is written.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { effectiveOverlay } from '../../targets/overlay-state.ts';
import type { ShootInput } from '../../targets/shoot.ts';

export const overlaySwitch: Rule<ShootInput> = {
  id: 'shoot/overlay-switch',
  title: 'switching the overlay of a live cluster is told',
  action: 'warn',
  docs: {
    why: 'Calico takes the new setting node by node. Switching the overlay on is simple. Switching it off interrupts the traffic between nodes that have it already and nodes that still lack it, and leaves routes of the overlay on the nodes.',
    fix: 'Plan the outage, and when all nodes have the new setting clean the old routes, or roll the nodes. If the switch was not meant, write the old value of `overlay.enabled` explicitly.',
    good: `
kind: Shoot
spec:
  region: eu-west-1
  networking:
    type: calico
    providerConfig:
      overlay:
        enabled: true
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      overlay:
        enabled: false
`,
    old: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      overlay:
        enabled: true
`,
    source: 'gardener-extension-networking-calico, docs/usage/shoot_overlay_network.md',
    since: '0.1.0',
  },
  *check(input) {
    if (input.old === undefined) return;
    const before = effectiveOverlay(input.old);
    const after = effectiveOverlay(input);
    if (before === undefined || after === undefined || before === after) return;
    yield {
      path: [...input.configPath, 'overlay', 'enabled'],
      reason: 'FieldValueInvalid',
      problem: after
        ? 'this switches the overlay on, node by node'
        : 'this switches the overlay off, an outage node by node',
      got: read(input.config, 'overlay', 'enabled'),
      advice: after
        ? 'nothing to clean up, wait for all nodes'
        : 'plan it, and clean the old routes on the nodes',
    };
  },
};
