// eBPF is on (FelixConfiguration, Installation or FELIX_BPFENABLED of calico-node), and kubeadm installs kube-proxy.
// Where to disable kube-proxy depends on the version of the kubeadm API: v1beta3 only has skipPhases of the
// InitConfiguration. If both run, Felix and kube-proxy undo each other's rules and use the same port: nodes are not
// ready.

import type { FactOf } from '../../policy/fact.ts';
import { type BundleRule, factsOf, type LocatedFact } from '../../policy/types.ts';
import { groupByCluster } from '../shared/clusters.ts';
import { coexistsWithKubeProxy } from '../shared/kube-proxy-coexistence.ts';

/** By the first step of the path that decides about kube-proxy; the simplest place comes first. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ['proxy', 'write true, or kubeProxyManagement: Enabled in the Installation'],
  ['networking', 'write none'],
  ['skipPhases', 'add addon/kube-proxy'],
  ['apiVersion', 'skip addon/kube-proxy in an InitConfiguration, or use v1beta4 with proxy.disabled'],
]);

export const ebpfWithKubeProxy: BundleRule = {
  id: 'kubeadm/ebpf-with-kube-proxy',
  title: 'kubeadm must not install kube-proxy beside the eBPF dataplane',
  action: 'deny',
  docs: {
    why: 'The eBPF dataplane does the work of kube-proxy. If both run, Felix removes the rules of kube-proxy, both use port 10256, and calico-node does not become ready.',
    fix: 'Write `proxy.disabled: true` (v1beta4), or `addon/kube-proxy` in `skipPhases` of the InitConfiguration; or let the Tigera operator do it with `kubeProxyManagement: Enabled`. To run both, Felix needs `bpfKubeProxyIptablesCleanupEnabled: false` and another `bpfKubeProxyHealthzPort`; the operator sets the port by itself.',
    good: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
proxy:
  disabled: true
---
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: BPF
`,
    bad: `
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
---
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: BPF
`,
    source: 'projectcalico/calico#10538 and #10748; tigera/operator#4768; Calico documentation, enable eBPF',
    since: '0.1.0',
  },
  *check(facts) {
    for (const cluster of groupByCluster(facts)) {
      const ebpf = factsOf(cluster, 'ebpf');
      if (ebpf.length === 0 || coexistsWithKubeProxy(cluster)) continue;
      const deciders = factsOf(cluster, 'kube-proxy');
      if (deciders.some(({ runs }) => !runs)) continue;
      const decider = chooseDecider(deciders);
      if (decider === undefined) continue;
      const { document, path } = decider;
      const problem = `kube-proxy must not run beside eBPF, which ${ebpf[0]?.document.kind} enables`;
      const advice = ADVICE.get(String(path[0])) ?? 'do not install it';
      yield { document, path, reason: 'FieldValueForbidden', problem, advice };
    }
  },
};

function chooseDecider(
  deciders: readonly LocatedFact<FactOf<'kube-proxy'>>[],
): LocatedFact<FactOf<'kube-proxy'>> | undefined {
  for (const step of ADVICE.keys()) {
    const found = deciders.find(({ path }) => path[0] === step);
    if (found !== undefined) return found;
  }
  return undefined;
}
