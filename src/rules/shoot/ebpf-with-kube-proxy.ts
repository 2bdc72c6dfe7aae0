// The eBPF dataplane implements Services itself. If kube-proxy also runs, both program Services on every node. Before
// networking-calico moved the health port of Felix, both also used the same port (projectcalico/calico#10748).
// kube-proxy is on unless it is disabled. Looks at providerConfig.ebpfDataplane.enabled and
// spec.kubernetes.kubeProxy.enabled.
import { isUnset, read, readBoolean } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { Release } from '../../policy/versions.ts';
import type { ShootInput } from '../../targets/shoot.ts';
import { runsWithoutKubeProxy } from './shared/without-kube-proxy.ts';

export const ebpfWithKubeProxy: Rule<ShootInput> = {
  id: 'shoot/ebpf-with-kube-proxy',
  title: 'kube-proxy should be off with the eBPF dataplane',
  action: 'warn',
  docs: {
    why: 'The eBPF dataplane implements Services itself, so kube-proxy repeats the same work. With networking-calico before 1.53 both also use port 10256 of the node.',
    fix: 'Set `spec.kubernetes.kubeProxy.enabled: false` if networking-calico is older than 1.59. Later releases cannot reconcile that (networking-calico#918): keep both until it is fixed, or do not use the eBPF dataplane.',
    good: `
kind: Shoot
spec:
  kubernetes:
    kubeProxy:
      enabled: true
  networking:
    type: calico
    providerConfig:
      ebpfDataplane:
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
  *check({ spec, config }, { versions }) {
    if (readBoolean(config, 'ebpfDataplane', 'enabled') !== true) return;
    const enabled = read(spec, 'kubernetes', 'kubeProxy', 'enabled');
    if (!isUnset(enabled) && enabled !== true) return;
    const isWritten = enabled === true;
    yield {
      path: ['spec', 'kubernetes', 'kubeProxy', 'enabled'],
      reason: 'FieldValueInvalid',
      problem: `kube-proxy${isWritten ? '' : ', on by default,'} repeats the work of the eBPF dataplane`,
      ...(isWritten && { got: true }),
      advice: advise(versions.networkingCalico),
    };
  },
};

function advise(release: Release): string {
  if (runsWithoutKubeProxy(release)) return 'set it to false';
  return 'disable eBPF, or keep both until networking-calico#918 is fixed';
}
