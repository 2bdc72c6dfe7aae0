// Calico's own CNI plugin works everywhere and with two IPAM plugins. The plugins of clouds work only in their cloud,
// each with its own IPAM plugin. The operator checks this after the object was stored, and stops. Without the block
// cni the plugin is that of the provider, and without cni.ipam it is the default of the plugin; the API server rejects
// either block without type.

import installation from '../../kinds/installation.json' with { type: 'json' };
import { isUnset, type JsonObject, read, readMap } from '../../policy/json.ts';
import { listAlternatives } from '../../policy/message.ts';
import type { Finding, Rule } from '../../policy/types.ts';
import { wordsAt } from '../../schema/values.ts';
import type { InstallationInput } from '../../targets/installation.ts';

interface Plugin {
  readonly ipams: readonly string[];
  /** Undefined where it works anywhere. */
  readonly provider: string | undefined;
}

const PLUGINS: ReadonlyMap<string, Plugin> = new Map([
  ['Calico', { ipams: ['Calico', 'HostLocal'], provider: undefined }],
  ['GKE', { ipams: ['HostLocal'], provider: 'GKE' }],
  ['AmazonVPC', { ipams: ['AmazonVPC'], provider: 'EKS' }],
  ['AzureVNET', { ipams: ['AzureVNET'], provider: 'AKS' }],
]);

/** Another rule reports any other word. */
const IPAMS = wordsAt(installation, 'spec', 'cni', 'ipam', 'type');

export const installationCni: Rule<InstallationInput> = {
  id: 'tigera/installation-cni',
  title: 'the CNI plugin, the IPAM plugin and the provider must fit together',
  action: 'deny',
  docs: {
    why: 'Each CNI plugin works with certain IPAM plugins, and the CNI plugin of a cloud only in that cloud. For any other combination the operator reports a degraded TigeraStatus and installs nothing.',
    fix: 'Use `Calico` with the IPAM plugins `Calico` or `HostLocal` anywhere; `GKE` with `HostLocal` on GKE; `AmazonVPC` with `AmazonVPC` on EKS; `AzureVNET` with `AzureVNET` on AKS.',
    good: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  kubernetesProvider: EKS
  cni:
    type: AmazonVPC
    ipam:
      type: AmazonVPC
`,
    bad: `
apiVersion: operator.tigera.io/v1
kind: Installation
metadata:
  name: default
spec:
  kubernetesProvider: EKS
  cni:
    type: AzureVNET
    ipam:
      type: Calico
`,
    source: 'Tigera operator of Calico 3.33, pkg/controller/installation/validation.go; CRD of Installation',
    since: '0.1.0',
  },
  *check({ spec, view }) {
    yield* checkMissing(spec);
    const { cni, ipam, provider } = view;
    const plugin = PLUGINS.get(cni);
    if (plugin === undefined) return;
    if (plugin.provider !== undefined && provider !== '' && provider !== plugin.provider) {
      yield {
        path: ['spec', 'cni', 'type'],
        reason: 'FieldValueForbidden',
        problem: `this CNI plugin only works on ${plugin.provider}`,
        got: cni,
        advice: 'use Calico, or correct kubernetesProvider',
      };
    }
    if (isUnset(read(spec, 'cni', 'ipam', 'type')) || !IPAMS.includes(ipam) || plugin.ipams.includes(ipam))
      return;
    yield {
      path: ['spec', 'cni', 'ipam', 'type'],
      reason: 'FieldValueNotSupported',
      problem: `the CNI plugin ${cni} does not work with this IPAM plugin`,
      got: ipam,
      advice: `use ${listAlternatives(plugin.ipams)}`,
    };
  },
};

function* checkMissing(spec: JsonObject): Generator<Finding> {
  const [cni, ipam] = [readMap(spec, 'cni'), readMap(spec, 'cni', 'ipam')];
  if (cni !== undefined && isUnset(read(cni, 'type'))) {
    yield {
      path: ['spec', 'cni', 'type'],
      reason: 'FieldValueRequired',
      problem: 'the CNI plugin is missing',
      advice: 'write Calico, or the CNI plugin of your cloud',
    };
  }
  if (ipam !== undefined && isUnset(read(ipam, 'type'))) {
    yield {
      path: ['spec', 'cni', 'ipam', 'type'],
      reason: 'FieldValueRequired',
      problem: 'the IPAM plugin is missing',
      advice: 'add a plugin, such as Calico, or remove ipam',
    };
  }
}
