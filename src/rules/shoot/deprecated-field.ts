// This rule reports two fields that are older than the ipv4 block. networking-calico reads them only where there is no
// ipv4 block, and it creates that block for every Shoot with IPv4, so the fields have no effect. A later release may
// remove them, and a configuration with an unknown field is rejected.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

const REPLACEMENTS: ReadonlyMap<string, string> = new Map([
  ['ipip', 'ipv4.mode, or overlay.enabled'],
  ['ipAutodetectionMethod', 'ipv4.autoDetectionMethod'],
]);

export const deprecatedField: Rule<ShootInput> = {
  id: 'shoot/deprecated-field',
  title: 'deprecated fields should not be used',
  action: 'warn',
  docs: {
    why: 'The block `ipv4` has replaced these fields. A later release may remove them, and then rejects a configuration that has them.',
    fix: 'Replace `ipip` with `ipv4.mode`, or with `overlay.enabled` if you mean the whole overlay. Replace `ipAutodetectionMethod` with `ipv4.autoDetectionMethod`.',
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
        problem: 'deprecated field',
        got: value,
        advice: `use ${replacement}`,
      };
    }
  },
};
