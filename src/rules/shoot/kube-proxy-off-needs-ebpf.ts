// In a Shoot with kube-proxy off and without the eBPF dataplane of Calico, nothing implements Services: cluster IPs,
// node ports and the DNS Service stop on every node, new and old, at the next reconciliation. Looks at
// spec.kubernetes.kubeProxy.enabled and providerConfig.ebpfDataplane.enabled; `{}` and null mean off.
import { type Contradiction, findContradiction } from '../../policy/contradiction.ts';
import type { Rule } from '../../policy/types.ts';
import { formatRelease, type Release } from '../../policy/versions.ts';
import { SHOOT_CONFIG_PATH, type ShootInput } from '../../targets/shoot.ts';
import { runsWithoutKubeProxy } from './shared/without-kube-proxy.ts';

const CONTRADICTION: Contradiction = {
  tests: [
    { path: ['spec', 'kubernetes', 'kubeProxy', 'enabled'], is: false },
    { path: [...SHOOT_CONFIG_PATH, 'ebpfDataplane', 'enabled'], isNot: true },
  ],
  explain: ({ versions }) => ({
    problem: "kube-proxy can only be off with Calico's eBPF dataplane",
    advice: advise(versions.networkingCalico),
  }),
};

export const kubeProxyOffNeedsEbpf: Rule<ShootInput> = {
  id: 'shoot/kube-proxy-off-needs-ebpf',
  title: 'kube-proxy must be on unless the eBPF dataplane is on',
  action: 'deny',
  docs: {
    why: 'Without kube-proxy and without the eBPF dataplane nothing implements Services: cluster IPs, node ports and cluster DNS stop working on every node.',
    fix: 'Keep kube-proxy on by removing `spec.kubernetes.kubeProxy.enabled: false`. If networking-calico is older than 1.59, you can also set `spec.networking.providerConfig.ebpfDataplane.enabled: true`; later releases cannot reconcile eBPF without kube-proxy (networking-calico#918).',
    good: `
kind: Shoot
spec:
  kubernetes:
    kubeProxy:
      enabled: true
  networking:
    type: calico
`,
    bad: `
kind: Shoot
spec:
  kubernetes:
    kubeProxy:
      enabled: false
  networking:
    type: calico
`,
    source: 'gardener-extension-networking-calico, pkg/admission/validator (Shoot validator, last stage)',
    since: '0.1.0',
  },
  contradiction: CONTRADICTION,
  check: ({ object }, options) => findContradiction(CONTRADICTION, object, options),
};

function advise(release: Release): string {
  if (runsWithoutKubeProxy(release)) {
    return 'set providerConfig.ebpfDataplane.enabled: true, or keep kube-proxy on';
  }
  const extension = `networking-calico ${formatRelease(release)}`;
  return `set it to true, because ${extension} cannot reconcile eBPF without kube-proxy (networking-calico#918)`;
}
