// This rule reports a KubeProxyConfiguration with the mode ipvs or nftables together with the eBPF dataplane of Calico.
// kube-proxy must be off there, so its mode has no effect; addresses that IPVS leaves on the nodes cause problems.
import { type BundleRule, factsOf } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';

export const kubeProxyMode: BundleRule = {
  id: 'kubeadm/kube-proxy-mode',
  title: 'the mode of kube-proxy should not be set with the eBPF dataplane',
  action: 'warn',
  docs: {
    why: 'The eBPF dataplane of Calico does the work of kube-proxy, so the mode of kube-proxy has no effect. IPVS even keeps addresses of Services on every node, which causes problems.',
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
          problem: 'has no effect with the eBPF dataplane of Calico',
          got: mode,
          advice: 'remove it',
        };
      }
    }
  },
};
