// The eBPF dataplane of Calico needs at least Kubernetes 1.16, because it reads EndpointSlices.
import { isBelow, parseVersion } from '../../formats/version.ts';
import { read, readString } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { KopsClusterInput } from '../../targets/kops-cluster.ts';

export const ebpfKubernetesVersion: Rule<KopsClusterInput> = {
  id: 'kops/ebpf-kubernetes-version',
  title: 'the eBPF dataplane should have Kubernetes 1.16 or later',
  action: 'warn',
  docs: {
    why: 'The eBPF dataplane does not work with Kubernetes before 1.16.',
    fix: 'Upgrade Kubernetes first.',
    good: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  kubernetesVersion: 1.33.0
  kubeProxy:
    enabled: false
  networking:
    calico:
      bpfEnabled: true
      encapsulationMode: vxlan
`,
    bad: `
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: my.example.com
spec:
  cloudProvider: aws
  networkCIDR: 172.20.0.0/16
  nonMasqueradeCIDR: 100.64.0.0/10
  kubernetesVersion: 1.15.0
  kubeProxy:
    enabled: false
  networking:
    calico:
      bpfEnabled: true
      encapsulationMode: vxlan
`,
    source: 'kOps, docs/networking/calico.md (Configuring the eBPF dataplane)',
    since: '0.1.0',
  },
  *check({ calico, spec }) {
    if (read(calico, 'bpfEnabled') !== true) return;
    const text = readString(spec, 'kubernetesVersion') ?? '';
    const version = parseVersion(text);
    if (version === undefined || !isBelow(version, 1, 16)) return;
    yield {
      path: ['spec', 'kubernetesVersion'],
      reason: 'FieldValueInvalid',
      problem: 'the eBPF dataplane needs 1.16 or later',
      got: text,
      advice: 'upgrade Kubernetes first',
    };
  },
};
