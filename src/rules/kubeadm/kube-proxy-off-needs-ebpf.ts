// kubeadm, kind or OpenShift is told to do without kube-proxy, and Calico beside it has no eBPF dataplane. Nothing then
// makes Services work. A FelixConfiguration elsewhere may switch eBPF on later, which is why this is no error.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const kubeProxyOffNeedsEbpf: BundleRule = {
  id: 'kubeadm/kube-proxy-off-needs-ebpf',
  title: 'without kube-proxy Calico has its eBPF dataplane',
  action: 'warn',
  docs: {
    why: 'With iptables or nftables Calico leaves Services to kube-proxy. Without it no Service is reached, not even that of the API server: Calico itself does not start.',
    fix: 'Switch eBPF on (`linuxDataplane: BPF`, `bpfEnabled: true` or `FELIX_BPFENABLED`), or let kube-proxy be installed.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
skipPhases: [addon/kube-proxy]
---
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: BPF
    bpfNetworkBootstrap: Enabled
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
skipPhases: [addon/kube-proxy]
---
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: Iptables
`,
    source: 'Calico documentation, enable eBPF (kube-proxy); kubeadm, skipPhases and proxy.disabled',
    since: '0.1.0',
  },
  *check(facts, _options, { isWhole }) {
    // What nobody can see may switch eBPF on.
    if (!isWhole) return;
    for (const cluster of groupByCluster(facts)) {
      const hasCalico =
        factsOf(cluster, 'calico-node').length > 0 ||
        factsOf(cluster, 'installation').some(({ usesCalicoCni }) => usesCalicoCni);
      if (!hasCalico || factsOf(cluster, 'ebpf').length > 0) continue;
      if (factsOf(cluster, 'calico-node').some(({ maySwitchEbpfOn }) => maySwitchEbpfOn)) continue;
      for (const { document, path, runs } of factsOf(cluster, 'kube-proxy')) {
        if (runs) continue;
        yield {
          document,
          path,
          reason: 'FieldValueForbidden',
          problem: 'without kube-proxy only eBPF makes Services work, and Calico has it off',
          advice: 'install kube-proxy, or switch eBPF on',
        };
      }
    }
  },
};
