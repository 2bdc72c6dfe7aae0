// With kube-proxy off, networking-calico refuses since v1.59 to render its chart while kubeProxy.mode is set, and
// Gardener's API server always sets it (networking-calico#918). It fires on every correct Shoot of this kind, and its
// author can do nothing about it, so this is for the audit only.
import { isUnset, read, readBoolean } from '../../policy/json.ts';
import { describe } from '../../policy/message.ts';
import type { Rule } from '../../policy/types.ts';
import type { ShootInput } from '../../targets/shoot.ts';

export const ebpfKubeProxyMode: Rule<ShootInput> = {
  id: 'shoot/ebpf-kube-proxy-mode',
  title: 'kube-proxy that is off has no mode',
  action: 'audit',
  docs: {
    why: "Since v1.59 networking-calico does not reconcile a Shoot whose kube-proxy is off and has a mode, and Gardener's API server always gives it one.",
    fix: 'Nothing in the Shoot. Run a networking-calico in which networking-calico#918 is fixed, or leave kube-proxy on until then.',
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
      enabled: false
      mode: IPTables
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
  *check({ spec, config }) {
    if (readBoolean(spec, 'kubernetes', 'kubeProxy', 'enabled') !== false) return;
    const mode = read(spec, 'kubernetes', 'kubeProxy', 'mode');
    if (isUnset(mode) || readBoolean(config, 'ebpfDataplane', 'enabled') !== true) return;
    yield {
      path: ['spec', 'kubernetes', 'kubeProxy', 'mode'],
      reason: 'FieldValueForbidden',
      message: `networking-calico since v1.59 fails on a mode while kube-proxy is off (got ${describe(mode)}); see networking-calico#918`,
    };
  },
};
