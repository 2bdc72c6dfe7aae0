// With the CNI plugin of a cloud the operator writes no CNI configuration, and rejects settings that belong there:
// host ports, Multus, IP forwarding, the kind of interface, the version of the specification, and logs of the plugin.
// Disabled host ports are always fine.
import { isUnset, read } from '../../policy/json.ts';
import type { Rule } from '../../policy/types.ts';
import type { InstallationInput } from '../../targets/installation.ts';

/** Below spec. */
const FIELDS: readonly (readonly string[])[] = [
  ['cni', 'specVersion'],
  ['calicoNetwork', 'hostPorts'],
  ['calicoNetwork', 'multiInterfaceMode'],
  ['calicoNetwork', 'containerIPForwarding'],
  ['calicoNetwork', 'linuxPodInterfaceType'],
  ['logging', 'cni'],
];

export const installationCalicoCniOnly: Rule<InstallationInput> = {
  id: 'tigera/installation-calico-cni-only',
  title: 'settings of the Calico CNI plugin must only be set with this plugin',
  action: 'deny',
  docs: {
    why: 'With the CNI plugin of a cloud the operator writes no CNI configuration and rejects these settings: it reports a degraded TigeraStatus.',
    fix: 'Remove the setting, or use `cni.type: Calico`. Without `cni` the plugin is that of the provider: GKE on GKE, AmazonVPC on EKS, AzureVNET on AKS.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  kubernetesProvider: EKS
  cni:
    type: Calico
  calicoNetwork:
    hostPorts: Enabled
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  kubernetesProvider: EKS
  cni:
    type: AmazonVPC
  calicoNetwork:
    hostPorts: Enabled
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/installation/validation.go',
    since: '0.1.0',
  },
  *check({ spec, view }) {
    const { cni, hasCloudCni } = view;
    if (!hasCloudCni) return;
    for (const path of FIELDS) {
      const value = read(spec, ...path);
      // Disabled host ports need no support by the plugin.
      if (isUnset(value) || (path.at(-1) === 'hostPorts' && value !== 'Enabled')) continue;
      yield {
        path: ['spec', ...path],
        reason: 'FieldValueForbidden',
        problem: `only the Calico CNI plugin has this setting, not ${cni}`,
        got: value,
        advice: 'remove it, or set cni.type: Calico',
      };
    }
  },
};
