// linuxDataplane VPP has conditions on four other fields: variant, cni.type, bgp and hostPorts, with the defaults of
// the operator (on EKS bgp is off). If one of them is not met, the operator stops with a degraded TigeraStatus.
import { read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';

export const installationVpp: Rule<InstallationInput> = {
  id: 'tigera/installation-vpp',
  title: 'the fields that the VPP dataplane needs must be set',
  action: 'deny',
  docs: {
    why: 'VPP works with open source Calico, its CNI plugin, BGP and host ports. With anything else the operator reports a degraded TigeraStatus.',
    fix: 'Use `variant: Calico`, `cni.type: Calico` and `bgp: Enabled`, and do not disable host ports; or use another dataplane.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: VPP
    bgp: Enabled
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  calicoNetwork:
    linuxDataplane: VPP
    bgp: Disabled
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/installation/validation.go',
    since: '0.1.0',
  },
  *check({ spec, view }) {
    const { dataplane, hasCloudCni, bgp, network } = view;
    if (dataplane !== 'VPP') return;
    const variant = read(spec, 'variant') || 'Calico';
    const conditions = [
      {
        path: ['variant'],
        holds: variant === 'Calico',
        problem: 'VPP needs the variant Calico',
        advice: 'write Calico',
      },
      {
        path: ['cni', 'type'],
        holds: !hasCloudCni,
        problem: 'VPP needs the Calico CNI plugin',
        advice: 'write Calico',
      },
      {
        path: ['calicoNetwork', 'bgp'],
        holds: bgp === 'Enabled',
        problem: 'VPP needs BGP',
        advice: 'write Enabled',
      },
      {
        path: ['calicoNetwork', 'hostPorts'],
        holds: read(network, 'hostPorts') !== 'Disabled',
        problem: 'VPP needs host ports',
        advice: 'remove it, or write Enabled',
      },
    ];
    for (const { path, holds, problem, advice } of conditions) {
      if (holds) continue;
      yield {
        path: ['spec', ...path],
        reason: 'FieldValueForbidden',
        problem,
        got: read(spec, ...path),
        advice: `${advice}, or use another linuxDataplane`,
      };
    }
  },
};
