// If a key is written twice, JSON parsers keep one value without a warning; Gardener's strict decoder rejects the
// whole configuration. Which value the user meant cannot be known.
import type { Rule } from '../../policy/types.ts';
import type { NetworkConfigInput } from '../../targets/network-config.ts';

export const duplicateField: Rule<NetworkConfigInput> = {
  id: 'shoot/duplicate-field',
  title: 'a field of the providerConfig must not be written twice',
  action: 'deny',
  docs: {
    why: 'The extension decodes strictly and rejects a configuration in which a field is written twice. Other tools use one of the two values without a warning.',
    fix: 'Keep one of the two.',
    good: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig: {"overlay": {"enabled": false}}
`,
    bad: `
kind: Shoot
spec:
  networking:
    type: calico
    providerConfig: {"overlay": {"enabled": true, "enabled": false}}
`,
    source: 'gardener-extension-networking-calico, strict decoder (sigs.k8s.io/json)',
    since: '0.1.0',
  },
  *check({ duplicates, configPath }) {
    for (const path of duplicates) {
      yield {
        path: [...configPath, ...path],
        reason: 'FieldValueDuplicate',
        problem: 'the field is written more than once',
        advice: 'keep one of them',
      };
    }
  },
};
