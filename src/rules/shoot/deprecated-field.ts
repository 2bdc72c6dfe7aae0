// Two fields of the time before the ipv4 block. networking-calico reads them only where there is no ipv4 block, and it
// makes one for every Shoot with IPv4, so that what they say does not happen. They may be gone in any later release,
// and a configuration with an unknown field is refused.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

const REPLACEMENTS: ReadonlyMap<string, string> = new Map([
  ['ipip', 'ipv4.mode, or overlay.enabled'],
  ['ipAutodetectionMethod', 'ipv4.autoDetectionMethod'],
]);

export const deprecatedField: Rule<ShootInput> = {
  id: 'shoot/deprecated-field',
  title: 'no deprecated fields are used',
  action: 'warn',
  docs: {
    why: 'The fields have been replaced by the block `ipv4`, and may be gone in a later release, which then refuses the configuration.',
    fix: 'Replace `ipip` by `ipv4.mode`, or by `overlay.enabled` if it is about the overlay as a whole; replace `ipAutodetectionMethod` by `ipv4.autoDetectionMethod`.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      ipv4:
        mode: Always
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig:
      ipip: Always
`,
    source: 'gardener-extension-networking-calico, pkg/apis/calico/v1alpha1 types (deprecated fields)',
    since: '0.1.0',
  },
  *check({ config, configPath }) {
    for (const [name, replacement] of REPLACEMENTS) {
      const value = read(config, name);
      if (isUnset(value)) continue;
      yield {
        path: [...configPath, name],
        reason: 'FieldValueInvalid',
        problem: 'deprecated',
        got: value,
        advice: `use ${replacement}`,
      };
    }
  },
};
