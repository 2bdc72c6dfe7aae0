// On Azure, virtual machines with accelerated networking have a second interface, enP…, below eth0. Calico's default
// interface pattern matches both; with the eBPF dataplane on both, the node cannot be reached. The cloud is known from
// a Shoot, a kOps Cluster or an Installation that is evaluated together with the FelixConfiguration.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { findAzure } from './shared/clouds.ts';
import { matchesAccelerated, WITHOUT_ACCELERATED } from './shared/ebpf-interfaces.ts';

export const ebpfAzureInterfaces: BundleRule = {
  id: 'calico/ebpf-azure-interfaces',
  title: 'the eBPF dataplane on Azure should not attach to interfaces of accelerated networking',
  action: 'warn',
  docs: {
    why: 'On Azure the default of `bpfDataIfacePattern` matches both `eth0` and the interface `enP…` of accelerated networking below it. With the eBPF dataplane on both, the node cannot be reached. In Gardener, provider-azure corrects the pattern on the nodes.',
    fix: 'Write `bpfDataIfacePattern: ^((en|wl|ww|sl|ib)[opsx].*|(eth|wlan|wwan|bond).*)`, which does not match `enP…`.',
    good: `
apiVersion: core.gardener.cloud/v1beta1
kind: Shoot
metadata:
  name: foo
  namespace: garden-dev
spec:
  provider:
    type: azure
  networking:
    type: calico
    providerConfig:
      backend: none
---
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  bpfEnabled: true
  bpfDataIfacePattern: ^((en|wl|ww|sl|ib)[opsx].*|(eth|wlan|wwan|bond).*)
`,
    bad: `
apiVersion: core.gardener.cloud/v1beta1
kind: Shoot
metadata:
  name: foo
  namespace: garden-dev
spec:
  provider:
    type: azure
  networking:
    type: calico
    providerConfig:
      backend: none
---
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  bpfEnabled: true
`,
    source:
      'Calico, documentation of bpfDataIfacePattern; gardener-extension-provider-azure#722; projectcalico/calico#6392',
    since: '0.1.0',
  },
  *check(facts) {
    const isOnAzure = findAzure(facts);
    for (const { by, interfacePattern, document } of factsOf(facts, 'ebpf')) {
      if (by !== 'felix' || !isOnAzure(document) || !matchesAccelerated(interfacePattern)) continue;
      const subject = interfacePattern === undefined ? 'the default' : 'the pattern';
      yield {
        document,
        path: ['spec', 'bpfDataIfacePattern'],
        reason: 'FieldValueInvalid',
        problem: `${subject} matches enP interfaces, so nodes on Azure cannot be reached`,
        got: interfacePattern,
        advice: `write ${WITHOUT_ACCELERATED}`,
      };
    }
  },
};
