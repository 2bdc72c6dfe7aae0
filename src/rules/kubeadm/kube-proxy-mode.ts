// A KubeProxyConfiguration with a mode that somebody chose (ipvs or nftables) beside Calico's eBPF dataplane. kube-
// proxy is to be off there, so that its mode changes nothing; addresses that IPVS has left on the nodes get in the
// way.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const kubeProxyMode: BundleRule = {
  id: 'kubeadm/kube-proxy-mode',
  title: 'no mode is chosen for a kube-proxy that has nothing to do',
  action: 'warn',
  docs: {
    why: 'The eBPF dataplane of Calico does the work of kube-proxy, whose mode then changes nothing; IPVS even keeps addresses of Services on every node, which get in the way.',
    fix: 'Remove the KubeProxyConfiguration, or the eBPF dataplane.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
---
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: ipvs
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
proxy:
  disabled: true
---
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: ipvs
---
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: BPF
`,
    source: 'Calico documentation, enable eBPF',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      if (factsOf(cluster, 'ebpf').length === 0) continue;
      for (const { document, mode } of factsOf(cluster, 'kube-proxy-settings')) {
        if (mode !== 'ipvs' && mode !== 'nftables') continue;
        yield {
          document,
          path: ['mode'],
          reason: 'FieldValueForbidden',
          problem: "without effect beside Calico's eBPF",
          got: mode,
          advice: 'remove it',
        };
      }
    }
  },
};
