// An update that switches the overlay of a running cluster. Enabling it is simple: every node gets the tunnel with its
// next calico-node. Disabling it is not: calico-node restarts one node after the other, nodes with and without overlay
// cannot reach each other in between, and old routes stay behind. Compares the effective values before and after.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { effectiveOverlay } from '../../targets/overlay-state.ts';
import type { ShootInput } from '../../targets/shoot.ts';

export const overlaySwitch: Rule<ShootInput> = {
  id: 'shoot/overlay-switch',
  title: 'the overlay of a running cluster should only be switched on purpose',
  action: 'warn',
  docs: {
    why: 'Calico applies the new setting node by node. Enabling the overlay is simple. Disabling it interrupts traffic between nodes that have the new setting and nodes that do not, and leaves routes of the overlay on the nodes.',
    fix: 'Plan the interruption. When all nodes have the new setting, remove the old routes or replace the nodes. If you did not mean to switch it, write the old value of `overlay.enabled`.',
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
        ? 'this enables the overlay node by node'
        : 'this disables the overlay node by node, which interrupts traffic',
      got: read(input.config, 'overlay', 'enabled'),
      advice: after
        ? 'wait until all nodes have it, no clean-up is needed'
        : 'plan it, then remove old routes from the nodes',
    };
  },
};
