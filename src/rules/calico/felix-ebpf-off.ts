// Settings of the eBPF dataplane where nothing switches it on. With an Installation the operator alone decides it, by
// linuxDataplane; with the manifests it is a FelixConfiguration or the environment of calico-node, all of which have to be
// seen. What a FelixConfiguration itself switches off is a finding of calico/felix-without-effect.
import { type BundleRule, factsOf, type LocatedFact } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const felixEbpfOff: BundleRule = {
  id: 'calico/felix-ebpf-off',
  title: 'settings of eBPF stand beside eBPF',
  action: 'warn',
  docs: {
    why: 'Only the eBPF dataplane reads these settings, and it is off: Felix uses iptables or nftables, and nothing of what is written happens.',
    fix: 'Switch eBPF on, with the operator by `linuxDataplane: BPF` in the Installation, else by `bpfEnabled: true`; or remove the setting. The values that Calico itself writes are left alone.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: BPF
    kubeProxyManagement: Enabled
    bpfNetworkBootstrap: Enabled
---
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  bpfExternalServiceMode: DSR
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: Iptables
---
apiVersion: projectcalico.org/v3
kind: FelixConfiguration
metadata:
  name: default
spec:
  bpfExternalServiceMode: DSR
`,
    source:
      'Tigera operator, pkg/controller/installation/core_controller.go (setBPFUpdatesOnFelixConfiguration); felix/config/config_params.go (BPFEnabled)',
    since: '0.1.0',
  },
  *check(facts, _options, { isWhole }) {
    for (const cluster of groupByCluster(facts)) {
      if (factsOf(cluster, 'ebpf').length > 0 || !isSurelyOff(cluster, isWhole)) continue;
      for (const { document, path } of factsOf(cluster, 'ebpf-setting')) {
        yield {
          document,
          path,
          reason: 'FieldValueInvalid',
          problem: 'without effect: nothing switches eBPF on',
          advice: 'switch it on, or remove the setting',
        };
      }
    }
  },
};

/** Where nothing in sight switches it on. */
function isSurelyOff(cluster: readonly LocatedFact[], isWhole: boolean): boolean {
  if (factsOf(cluster, 'installation').length > 0) return true;
  const nodes = factsOf(cluster, 'calico-node');
  return isWhole && nodes.length > 0 && !nodes.some(({ maySwitchEbpfOn }) => maySwitchEbpfOn);
}
