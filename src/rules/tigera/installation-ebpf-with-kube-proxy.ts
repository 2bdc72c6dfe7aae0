// linuxDataplane BPF while neither the operator nor anything else in the bundle switches kube-proxy off. Of one object alone
// nobody can know what runs in the cluster, so that this is advice; with a kubeadm configuration that installs kube-proxy it
// is an error of kubeadm/ebpf-with-kube-proxy. On OpenShift kube-proxy is switched off at another operator.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { coexistsWithKubeProxy } from '../shared/kube-proxy-coexistence.ts';

export const installationEbpfWithKubeProxy: BundleRule = {
  id: 'tigera/installation-ebpf-with-kube-proxy',
  title: 'something switches kube-proxy off for the eBPF dataplane',
  action: 'warn',
  docs: {
    why: "The eBPF dataplane does what kube-proxy does. Where both run they undo each other's rules and fight for port 10256: calico-node does not become ready, or Services work now and then.",
    fix: 'Write `kubeProxyManagement: Enabled`, and the operator switches kube-proxy off. If it is off by other means, say so in the files that are checked (kubeadm: `proxy.disabled`; OpenShift: `deployKubeProxy: false` in the Network of operator.openshift.io), or switch this rule off. Where it has to run on, as on AKS, write `bpfKubeProxyIptablesCleanupEnabled: false` in the FelixConfiguration.',
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
      // Where a document decides it, it is either fine, or an error in that document.
      if (factsOf(cluster, 'kube-proxy').length > 0) continue;
      if (coexistsWithKubeProxy(cluster)) continue;
      for (const { by, path, document } of factsOf(cluster, 'ebpf')) {
        if (by !== 'installation') continue;
        yield {
          document,
          path: [...path.slice(0, -1), 'kubeProxyManagement'],
          reason: 'FieldValueRequired',
          problem: 'kube-proxy must be off for the BPF dataplane',
          advice: 'write Enabled, unless it is off already',
        };
      }
    }
  },
};
