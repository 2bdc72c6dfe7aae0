// In the blocks that only have an `enabled`, a missing or null `enabled` means false. So `typha: {}` disables Typha,
// although Typha is on where the block is missing, and `overlay: {}` disables the overlay. Users who write such a
// block rarely mean that.
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
  title: 'a block with a switch should say enabled: true or enabled: false',
  action: 'warn',
  docs: {
    why: 'Without `enabled` the block means off, even where a missing block means on, as with `typha` and `overlay`.',
    fix: 'Write `enabled: true` or `enabled: false`, or remove the block to use the default.',
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
