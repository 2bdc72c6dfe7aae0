// Of a key written twice, JSON parsers keep one and say nothing; Gardener's strict decoder refuses the whole
// configuration. Which of the two values somebody meant, nobody can tell.
import type { Rule } from '../../policy/types.ts';
import type { NetworkConfigInput } from '../../targets/network-config.ts';

export const duplicateField: Rule<NetworkConfigInput> = {
  id: 'shoot/duplicate-field',
  title: 'no field of the providerConfig is written twice',
  action: 'deny',
  docs: {
    why: 'The extension decodes strictly and refuses a configuration with a field written twice; a tool that does not refuse picks one of the two values.',
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
