// This rule reports settings of the eBPF dataplane where nothing enables it. With an Installation only the operator
// decides it, by linuxDataplane; with the manifests it is a FelixConfiguration or the environment of calico-node, and
// all of these must be among the files. calico/felix-without-effect reports what a FelixConfiguration itself disables.
import { type BundleRule, factsOf, type LocatedFact } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const felixEbpfOff: BundleRule = {
  id: 'calico/felix-ebpf-off',
  title: 'settings of eBPF should only be set with eBPF',
  action: 'warn',
  docs: {
    why: 'Only the eBPF dataplane reads these settings, and it is off: Felix uses iptables or nftables, and the settings have no effect.',
    fix: 'Enable eBPF: with the operator by `linuxDataplane: BPF` in the Installation, otherwise by `bpfEnabled: true`. Or remove the setting. Values that Calico itself writes are not reported.',
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
          problem: 'no effect, because nothing enables eBPF',
          advice: 'enable eBPF, or remove the setting',
        };
      }
    }
  },
};

/** Whether no document among the files enables it. */
function isSurelyOff(cluster: readonly LocatedFact[], isWhole: boolean): boolean {
  if (factsOf(cluster, 'installation').length > 0) return true;
  const nodes = factsOf(cluster, 'calico-node');
  return isWhole && nodes.length > 0 && !nodes.some(({ maySwitchEbpfOn }) => maySwitchEbpfOn);
}
