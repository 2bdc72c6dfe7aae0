// In the blocks that only have an `enabled`, a missing or null `enabled` means false. `typha: {}` therefore switches
// Typha off, though Typha is on where the block is missing, and `overlay: {}` switches the overlay off. Whoever writes
// such a block rarely means that.
import { isMap, isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

const SWITCHES: readonly string[] = [
  'overlay',
  'typha',
  'ebpfDataplane',
  'snatToUpstreamDNS',
  'vxlan',
  'birdExporter',
  'multus',
];

export const emptyMeansOff: Rule<ShootInput> = {
  id: 'shoot/empty-means-off',
  title: 'a block that switches something says whether on or off',
  action: 'warn',
  docs: {
    why: 'Without `enabled` the block means off, even where leaving out the whole block would mean on, as with `typha` and `overlay`.',
    fix: 'Write `enabled: true` or `enabled: false`, or remove the block for the default.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      typha:
        enabled: true
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      typha: {}
`,
    source: 'gardener-extension-networking-calico, pkg/apis/calico/v1alpha1 types (enabled is no pointer)',
    since: '0.1.0',
  },
  *check({ config, configPath }) {
    for (const name of SWITCHES) {
      const block = read(config, name);
      const enabled = read(block, 'enabled');
      if (!isMap(block) || !isUnset(enabled)) continue;
      yield {
        path: [...configPath, name, 'enabled'],
        reason: 'FieldValueInvalid',
        problem: 'a block without enabled means off',
        got: enabled,
        advice: 'write enabled: true or enabled: false',
      };
    }
  },
};
