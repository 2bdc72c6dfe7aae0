// This rule reports linuxDataplane BPF if neither the operator nor any other document disables kube-proxy. One object
// alone does not say what runs in the cluster, so this is a warning; with a kubeadm configuration that installs
// kube-proxy, kubeadm/ebpf-with-kube-proxy reports an error. On OpenShift another operator disables kube-proxy.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { coexistsWithKubeProxy } from '../shared/kube-proxy-coexistence.ts';

export const installationEbpfWithKubeProxy: BundleRule = {
  id: 'tigera/installation-ebpf-with-kube-proxy',
  title: 'kube-proxy should be off for the eBPF dataplane',
  action: 'warn',
  docs: {
    why: "The eBPF dataplane does the work of kube-proxy. If both run, they undo each other's rules and both use port 10256: calico-node does not become ready, or Services only work some of the time.",
    fix: 'Write `kubeProxyManagement: Enabled`, so that the operator disables kube-proxy. If it is already off, add that to the files that you check (kubeadm: `proxy.disabled`; OpenShift: `deployKubeProxy: false` in the Network of operator.openshift.io), or disable this rule. If it must run, as on AKS, write `bpfKubeProxyIptablesCleanupEnabled: false` in the FelixConfiguration.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: BPF
    bpfNetworkBootstrap: Enabled
    kubeProxyManagement: Enabled
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: BPF
`,
    source: 'projectcalico/calico#10748 and #10538; tigera/operator#4768; Calico documentation, enable eBPF',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      // If a document decides it, it is either fine or an error of that document.
      if (factsOf(cluster, 'kube-proxy').length > 0) continue;
      if (coexistsWithKubeProxy(cluster)) continue;
      for (const { by, path, document } of factsOf(cluster, 'ebpf')) {
        if (by !== 'installation') continue;
        yield {
          document,
          path: [...path.slice(0, -1), 'kubeProxyManagement'],
          reason: 'FieldValueRequired',
          problem: 'kube-proxy must be off for the BPF dataplane',
          advice: 'write Enabled, unless kube-proxy is already off',
        };
      }
    }
  },
};
