// On Azure, virtual machines with accelerated networking have a second interface, enP…, below the first. The eBPF
// dataplane of Calico attaches its programs to both, and the node can no longer be reached. provider-azure corrects
// that in the cluster (it changes the environment of calico-node), so this rule only runs in the audit.
import { readBoolean } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

export const ebpfAzureAcceleratedNetworking: Rule<ShootInput> = {
  id: 'shoot/ebpf-azure-accelerated-networking',
  title: 'eBPF with accelerated networking on Azure is a risk',
  action: 'audit',
  docs: {
    why: 'The eBPF dataplane also attaches to the interfaces `enP…` of accelerated networking, and then the node can no longer be reached. provider-azure corrects the interface pattern in the cluster; without provider-azure the pattern stays as it is.',
    fix: 'Nothing, where provider-azure runs. Elsewhere set `bpfDataIfacePattern` of the FelixConfiguration `default` to a pattern that does not match `enP…`.',
    good: `
kind: Shoot
spec:
  provider:
    type: azure
  networking:
    type: calico
    providerConfig:
      backend: none
`,
    bad: `
kind: Shoot
spec:
  provider:
    type: azure
  kubernetes:
    kubeProxy:
      enabled: false
  networking:
    type: calico
    providerConfig:
      backend: none
      ebpfDataplane:
        enabled: true
`,
    source:
      'gardener-extension-networking-calico, docs/usage/usage.md (known limitations); gardener-extension-provider-azure#722',
    since: '0.1.0',
  },
  *check({ provider, config, configPath }) {
    if (provider !== 'azure' || readBoolean(config, 'ebpfDataplane', 'enabled') !== true) return;
    yield {
      path: [...configPath, 'ebpfDataplane', 'enabled'],
      reason: 'FieldValueInvalid',
      problem: 'eBPF with accelerated networking can make nodes unreachable',
      got: true,
      advice: 'exclude enP interfaces from bpfDataIfacePattern, as provider-azure does',
    };
  },
};
