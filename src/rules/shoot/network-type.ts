// Without a network type no extension is responsible for the Shoot, and its network configuration is never used.
// Gardener requires the type of every Shoot with workers; this rule is for hand-written reviews and files, which must
// not pass only because one line is missing.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

export const networkType: Rule<ShootInput> = {
  id: 'shoot/network-type',
  title: 'a network configuration must have a network type',
  action: 'deny',
  docs: {
    why: 'Without `spec.networking.type` no network extension is responsible for the Shoot, and its providerConfig is never used.',
    fix: 'Add `type: calico` next to the providerConfig.',
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
    providerConfig:
      typha:
        enabled: true
`,
    source: 'gardener, pkg/apis/core/validation (spec.networking.type is required with workers)',
    since: '0.1.0',
  },
  *check({ networking, configValue }) {
    const type = read(networking, 'type');
    if (isUnset(configValue) || !(isUnset(type) || type === '')) return;
    yield {
      path: ['spec', 'networking', 'type'],
      reason: 'FieldValueRequired',
      problem: 'the network type is missing',
      got: type,
      advice: 'add type: calico next to the providerConfig',
    };
  },
};
