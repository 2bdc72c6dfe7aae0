// The eBPF dataplane implements Services itself. With kube-proxy beside it both program them on every node, and the two
// have clashed on the health port 10256 (projectcalico/calico#10748). kube-proxy is on unless it is switched off.
// Looks at providerConfig.ebpfDataplane.enabled and spec.kubernetes.kubeProxy.enabled.
import { isUnset, read, readBoolean } from '../../policy/json.ts';
import { describe } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

export const ebpfWithKubeProxy: Rule<ShootInput> = {
  id: 'shoot/ebpf-with-kube-proxy',
  title: 'with the eBPF dataplane kube-proxy is off',
  action: 'warn',
  docs: {
    why: 'The eBPF dataplane implements Services itself. kube-proxy beside it does the same work a second time, and both want port 10256 of the node in some Calico releases.',
    fix: 'Set `spec.kubernetes.kubeProxy.enabled: false`. Look at networking-calico#918 before: since v1.59 the network of such a Shoot does not reconcile while `kubeProxy.mode` is set, and Gardener sets it by default.',
    good: `
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
    bad: `
kind: Shoot
spec:
  kubernetes:
    kubeProxy:
      enabled: true
  networking:
    type: calico
    providerConfig:
      ebpfDataplane:
        enabled: true
      overlay:
        enabled: false
`,
    source: 'gardener-extension-networking-calico, docs/usage/usage.md; projectcalico/calico#10748',
    since: '0.1.0',
  },
  *check({ spec, config }) {
    if (readBoolean(config, 'ebpfDataplane', 'enabled') !== true) return;
    const enabled = read(spec, 'kubernetes', 'kubeProxy', 'enabled');
    if (!isUnset(enabled) && enabled !== true) return;
    yield {
      path: ['spec', 'kubernetes', 'kubeProxy', 'enabled'],
      reason: 'FieldValueInvalid',
      message: `the eBPF dataplane replaces kube-proxy, and the two can clash (got ${describe(enabled)}); set it to false, but see networking-calico#918`,
    };
  },
};
