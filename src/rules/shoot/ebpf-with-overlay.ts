// With an overlay the eBPF dataplane loses much of its advantage: every packet between nodes is still encapsulated.
// Gardener recommends it without overlay. Looks only at an overlay that is explicitly on.
import { readBoolean } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

export const ebpfWithOverlay: Rule<ShootInput> = {
  id: 'shoot/ebpf-with-overlay',
  title: 'the eBPF dataplane should run without overlay',
  action: 'warn',
  docs: {
    why: 'Packets between nodes are still encapsulated, which costs the time that the eBPF dataplane would save. Gardener recommends the eBPF dataplane without overlay.',
    fix: 'Set `overlay.enabled: false` when you create the cluster; in a running cluster that interrupts the network. Keep the overlay if several clusters in one network have overlapping pod ranges.',
    good: `
kind: Shoot
spec:
  kubernetes:
    kubeProxy:
      enabled: true
  networking:
    type: calico
    providerConfig:
      ebpfDataplane:
        enabled: false
      overlay:
        enabled: true
`,
    bad: `
kind: Shoot
spec:
  kubernetes:
    kubeProxy:
      enabled: false
  networking:
    type: calico
    providerConfig:
      ebpfDataplane:
        enabled: true
      overlay:
        enabled: true
`,
    source: 'gardener-extension-networking-calico, docs/usage/usage.md (EBPF Dataplane)',
    since: '0.1.0',
  },
  *check({ config, configPath }) {
    if (readBoolean(config, 'ebpfDataplane', 'enabled') !== true) return;
    if (readBoolean(config, 'overlay', 'enabled') !== true) return;
    yield {
      path: [...configPath, 'overlay', 'enabled'],
      reason: 'FieldValueInvalid',
      problem: 'Gardener recommends the eBPF dataplane without overlay',
      got: true,
      advice: 'set it to false when you create the cluster',
    };
  },
};
