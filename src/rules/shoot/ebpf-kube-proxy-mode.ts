// Since 1.59 networking-calico does not render its chart for a Shoot with eBPF and without kube-proxy while
// kubeProxy.mode is set, and Gardener's API server sets it in every Shoot (networking-calico#918). So it does not
// matter whether this manifest has the mode.
import { readBoolean } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import { formatRelease } from '../../policy/versions.ts';
import type { ShootInput } from '../../targets/shoot.ts';
import { runsWithoutKubeProxy } from './shared/without-kube-proxy.ts';

export const ebpfKubeProxyMode: Rule<ShootInput> = {
  id: 'shoot/ebpf-kube-proxy-mode',
  title: 'kube-proxy should stay on with eBPF until networking-calico#918 is fixed',
  action: 'warn',
  docs: {
    why: "Since 1.59 networking-calico does not reconcile a Shoot whose kube-proxy is off and has a mode, and Gardener's API server always sets a mode. The network of a new Shoot is never created, and that of an existing Shoot no longer changes.",
    fix: 'Leave kube-proxy on until networking-calico#918 is fixed: the extension lets eBPF and kube-proxy run side by side. If you run an older networking-calico, set `versions.networkingCalico` in the configuration file, or `--networking-calico 1.58`; then this rule reports nothing.',
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
    providerConfig:
      ebpfDataplane:
        enabled: true
      overlay:
        enabled: false
`,
    source: 'gardener-extension-networking-calico v1.59, pkg/charts/utils.go; networking-calico#918',
    since: '0.1.0',
  },
  *check({ spec, config }, { versions }) {
    if (readBoolean(spec, 'kubernetes', 'kubeProxy', 'enabled') !== false) return;
    if (readBoolean(config, 'ebpfDataplane', 'enabled') !== true) return;
    if (runsWithoutKubeProxy(versions.networkingCalico)) return;
    const release = `networking-calico ${formatRelease(versions.networkingCalico)}`;
    yield {
      path: ['spec', 'kubernetes', 'kubeProxy', 'enabled'],
      reason: 'FieldValueForbidden',
      problem: `${release} cannot reconcile eBPF without kube-proxy`,
      got: false,
      advice: 'set it to true until networking-calico#918 is fixed',
    };
  },
};
