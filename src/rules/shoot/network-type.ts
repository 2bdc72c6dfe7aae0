// A Shoot whose network configuration nobody owns: without a type no extension feels responsible, and the
// configuration would never be looked at. Gardener requires the type of every Shoot with workers; this is for
// hand-written reviews and files, which must not slip by because one line is missing.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

export const networkType: Rule<ShootInput> = {
  id: 'shoot/network-type',
  title: 'a network configuration needs a network type',
  action: 'deny',
  docs: {
    why: 'Without `spec.networking.type` no network extension is responsible for the Shoot, and its providerConfig is never used.',
    fix: 'Write `type: calico` beside the providerConfig.',
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
      advice: 'write type: calico beside the providerConfig',
    };
  },
};
