// On Azure virtual machines with accelerated networking have a second interface, enP…, below the first. Calico's eBPF
// dataplane attaches its programs to both, and the node is no longer reachable. provider-azure repairs that in the
// cluster (it changes calico-node's environment), so this is for the audit only.
import { readBoolean } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

export const ebpfAzureAcceleratedNetworking: Rule<ShootInput> = {
  id: 'shoot/ebpf-azure-accelerated-networking',
  title: 'the eBPF dataplane meets accelerated networking on Azure',
  action: 'audit',
  docs: {
    why: 'The eBPF dataplane attaches to the interfaces `enP…` of accelerated networking too, which cuts the node off. provider-azure corrects the pattern of interfaces in the cluster; where it does not run, nobody does.',
    fix: 'Nothing, where provider-azure runs. Elsewhere set `bpfDataIfacePattern` of the FelixConfiguration `default` to a pattern that leaves `enP…` out.',
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
      problem: 'eBPF on accelerated networking can cut nodes off',
      got: true,
      advice: 'keep enP interfaces out of bpfDataIfacePattern, as provider-azure does',
    };
  },
};
