// kubeadm, kind or OpenShift installs no kube-proxy, and Calico in the same files has no eBPF dataplane. Then nothing
// implements Services. A FelixConfiguration elsewhere may enable eBPF later, so this is not an error.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const kubeProxyOffNeedsEbpf: BundleRule = {
  id: 'kubeadm/kube-proxy-off-needs-ebpf',
  title: 'kube-proxy should be on unless the eBPF dataplane is on',
  action: 'warn',
  docs: {
    why: 'With iptables or nftables Calico leaves Services to kube-proxy. Without it no Service can be reached, not even that of the API server: Calico itself does not start.',
    fix: 'Enable eBPF (`linuxDataplane: BPF`, `bpfEnabled: true` or `FELIX_BPFENABLED`), or let kube-proxy be installed.',
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
    // Something outside the files may enable eBPF.
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
          problem: 'without kube-proxy Services need eBPF, which is off in Calico',
          advice: 'install kube-proxy, or enable eBPF',
        };
      }
    }
  },
};
